const { transform, transformIgnorePatterns } = require('../../jest.config.js').projects[0];

module.exports = {
	rootDir: '../..',
	testEnvironment: 'node',
	transform,
	transformIgnorePatterns,
	testMatch: ['<rootDir>/test/mutation/part.test.ts'],
	setupFiles: ['<rootDir>/test/engine/quiet.ts'],
	// A busy machine is no reason to count a change as noticed.
	testTimeout: 20_000,
};
