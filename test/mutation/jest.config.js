const { transform, transformIgnorePatterns } = require('../../jest.config.js').projects[0];

module.exports = {
	rootDir: '../..',
	testEnvironment: require.resolve('./environment.js'),
	transform,
	transformIgnorePatterns,
	testMatch: ['<rootDir>/test/mutation/part.test.ts'],
	setupFiles: ['<rootDir>/test/engine/quiet.ts'],
	// A timeout counts a change as noticed, so a busy machine must not cause one.
	testTimeout: 20_000,
};
