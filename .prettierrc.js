module.exports = {
	useTabs: true,
	singleQuote: true,
	printWidth: 100,
	overrides: [
		{ files: ['*.md', '*.yml'], options: { useTabs: false } },
		// The wide tables without padding: this file is in the published package.
		{ files: ['README.md'], excludeFiles: ['sandbox/**', 'examples/**'], options: { proseWrap: 'never' } },
		{ files: ['docs/fr/README.md'], options: { proseWrap: 'never' } },
	],
};
