const { availableParallelism } = require('node:os');

// These packages are published as ES modules only; jest runs CommonJS, so they are compiled like our own code.
const esModules = [
	'node-fetch',
	'data-uri-to-buffer',
	'fetch-blob',
	'formdata-polyfill',
	'tinybench',
];

const common = {
	testEnvironment: 'node',
	transform: {
		'^.+\\.[cm]?[jt]s$': [
			'@swc/jest',
			{ jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
		],
	},
	transformIgnorePatterns: [`/node_modules/(?!(${esModules.join('|')})/)`, '<rootDir>/dist/'],
};

const project = (name) => ({
	...common,
	displayName: name,
	testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
});

module.exports = {
	// Tests in n8n's engine wait more than they work.
	maxWorkers: 2 * availableParallelism(),
	// A worker that has run the engine holds on to much of it.
	workerIdleMemoryLimit: '1GB',
	// Things take as long as the machine needs: this is for what hangs.
	testTimeout: 60_000,
	testSequencer: '<rootDir>/test/sequencer.cjs',
	projects: [
		project('unit'),
		project('simulation'),
		project('contract'),
		{ ...project('engine'), setupFiles: ['<rootDir>/test/engine/quiet.ts'] },
		project('e2e'),
	],
};
