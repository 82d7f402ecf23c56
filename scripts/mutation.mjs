// Changes the code in small ways, one at a time, and checks that a test fails. `npm run test:mutation [part [file …]]`, for
// instance `npm run test:mutation webhook webhook/state/once.ts`.
import { Stryker } from '@stryker-mutator/core';

/** A part with a lower score fails. */
const LEAST = 85;

/**
 * The code of each part, below nodes/Konnect, and the beginnings of its tests' paths. A run of the tests in n8n's engine takes a
 * minute, so they cover only what the unit tests do not: the code that talks to n8n.
 */
const PARTS = {
	payment: { code: ['payment/**/*.ts'], tests: 'unit/payment/' },
	api: { code: ['api/**/*.ts'], tests: 'unit/api/' },
	operations: {
		code: ['operations/**/*.ts'],
		tests: 'engine/getPayment engine/initPayment engine/waitForPayment engine/onError',
	},
	webhook: {
		code: ['webhook/**/!(n8n|trigger|wait|pageTexts).ts'],
		tests: 'unit/webhook/',
	},
	'webhook-edge': {
		code: ['webhook/{n8n,trigger,wait}.ts'],
		tests:
			'engine/trigger engine/waitForPayment engine/watch engine/owner engine/payerPage engine/signature',
	},
};

const [only, ...files] = process.argv.slice(2);
for (const [part, { code, tests }] of Object.entries(PARTS)) {
	if (only !== undefined && only !== part) continue;
	process.env.TESTS_OF_PART = tests;
	await new Stryker({
		mutate: (files.length > 0 ? files : code).map((file) => `nodes/Konnect/${file}`),
		testRunner: 'jest',
		jest: {
			projectType: 'custom',
			configFile: 'test/mutation/jest.config.js',
			enableFindRelatedTests: false,
		},
		// Tests in n8n's engine use the built package, so each change is built first.
		buildCommand: 'gulp build',
		coverageAnalysis: 'perTest',
		// Tests in n8n's engine mostly wait, so more of them can run at once.
		concurrency: tests.startsWith('engine') ? 6 : 2,
		timeoutMS: 20_000,
		incremental: true,
		incrementalFile: `.stryker/${part}.json`,
		tempDirName: '.stryker/tmp',
		ignorePatterns: ['.sandbox', 'dist', 'docs', 'examples'],
		reporters: ['clear-text', 'progress'],
		clearTextReporter: { allowColor: false, logTests: false },
		thresholds: { high: 95, low: LEAST, break: LEAST },
	}).runMutationTest();
}
