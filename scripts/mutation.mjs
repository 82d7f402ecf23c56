// Changes the code in small ways, one at a time, and looks whether a test fails: `npm run test:mutation [part [file …]]`, for instance
// `npm run test:mutation webhook state/once.ts`.
import { Stryker } from '@stryker-mutator/core';

/** A part with a lower score fails. */
const LEAST = 85;

/**
 * The parts are folders of nodes/Konnect, and the tests are given by how their paths begin. Tests in n8n's engine use the package as
 * it is built of the changed code. n8n's engine takes a second to load, so they are left out where the code can be tested without.
 */
const PARTS = {
	payment: 'unit/payment/',
	api: 'unit/api/',
	operations: 'engine/getPayment engine/initPayment engine/waitForPayment engine/onError',
	webhook:
		'unit/webhook/ engine/trigger engine/waitForPayment engine/watch engine/owner engine/payerPage engine/signature',
};

const [only, ...files] = process.argv.slice(2);
for (const [part, tests] of Object.entries(PARTS)) {
	if (only !== undefined && only !== part) continue;
	process.env.TESTS_OF_PART = tests;
	const chosen = files.length > 0 ? files : ['**/*.ts'];
	await new Stryker({
		mutate: [...chosen.map((file) => `nodes/Konnect/${part}/${file}`), '!**/pageTexts.ts'],
		testRunner: 'jest',
		jest: {
			projectType: 'custom',
			configFile: 'test/mutation/jest.config.js',
			enableFindRelatedTests: false,
		},
		buildCommand: 'gulp build',
		coverageAnalysis: 'perTest',
		// The tests wait more than they work.
		concurrency: 4,
		timeoutMS: 20_000,
		incremental: true,
		incrementalFile: `.stryker/${part}.json`,
		tempDirName: '.stryker/tmp',
		ignorePatterns: ['dist', 'docs', 'examples'],
		reporters: ['clear-text', 'progress'],
		clearTextReporter: { allowColor: false, logTests: false },
		thresholds: { high: 95, low: LEAST, break: LEAST },
	}).runMutationTest();
}
