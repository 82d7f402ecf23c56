module.exports = {
	useTabs: true,
	singleQuote: true,
	printWidth: 100,
	overrides: [
		{ files: ['*.md', '*.yml'], options: { useTabs: false } },
		// Their wide tables without padding: one of them is in the published package.
		{ files: ['{docs/fr/,}README.md'], options: { proseWrap: 'never' } },
	],
};
