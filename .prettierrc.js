module.exports = {
	useTabs: true,
	singleQuote: true,
	printWidth: 100,
	overrides: [{ files: ['*.md', '*.yml'], options: { useTabs: false } }],
};
