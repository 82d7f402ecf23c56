// Changes the code in small ways, one at a time, and looks whether a test fails: `npm run test:mutation [part [file …]]`.
import { Stryker } from '@stryker-mutator/core';

/** A part with a lower score fails. */
const LEAST = 85;

/**
 * What is changed, and the tests that look, by how their paths begin. Tests in n8n's engine use the package as it is built of the
 * changed code; n8n's engine takes a second to load, so it is left out where the code can be tested without.
 */
const PARTS = {
	payment: { code: ['payment/**'], tests: 'unit/payment/' },
	api: { code: ['api/**'], tests: 'unit/api/' },
	operations: {
		code: ['operations/**'],
		tests: 'engine/getPayment engine/initPayment engine/waitForPayment engine/onError',
		// They wait more than they work.
		atOnce: 6,
	},
	webhook: {
		code: ['webhook/**', '!webhook/{edge,handleCall,handleResume,pageTexts}.ts'],
		tests: 'unit/webhook/',
	},
	'webhook-edge': {
		code: ['webhook/{edge,handleCall,handleResume}.ts'],
		tests: 'engine/trigger engine/waitForPayment engine/owner engine/payerPage engine/signature',
		atOnce: 6,
	},
};

const optionsFor = (part, code, atOnce) => ({
	mutate: code.map(below),
	testRunner: 'jest',
	jest: {
		projectType: 'custom',
		configFile: 'test/mutation/jest.config.js',
		enableFindRelatedTests: false,
	},
	buildCommand: 'gulp build',
	coverageAnalysis: 'perTest',
	concurrency: atOnce,
	timeoutMS: 20_000,
	incremental: true,
	incrementalFile: `.stryker/${part}.json`,
	tempDirName: '.stryker/tmp',
	ignorePatterns: ['dist', 'docs', 'examples'],
	reporters: ['clear-text', 'progress'],
	clearTextReporter: { allowColor: false, logTests: false },
	thresholds: { high: 95, low: LEAST, break: LEAST },
});

const below = (pattern) => pattern.replace(/^!?/, (not) => `${not}nodes/Konnect/`);

const [only, ...files] = process.argv.slice(2);
for (const [part, { code, tests, atOnce = 2 }] of Object.entries(PARTS)) {
	if (only !== undefined && only !== part) continue;
	process.env.TESTS_OF_PART = tests;
	await new Stryker(optionsFor(part, files.length > 0 ? files : code, atOnce)).runMutationTest();
}
