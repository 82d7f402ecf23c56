const { rm, writeFile } = require('node:fs/promises');
const esbuild = require('esbuild');
const gulp = require('gulp');

const clean = () => rm('dist', { recursive: true, force: true });

/**
 * Compiles the package to few files, because n8n loads all of them at each start: the code of both nodes is one file, so that
 * they share what is kept in memory, and each node's own file only points to it. Types are checked by `npm run types`.
 */
async function compile() {
	await esbuild.build({
		entryPoints: ['nodes/Konnect/index.ts', 'credentials/KonnectApi.credentials.ts'],
		outdir: 'dist',
		outbase: '.',
		bundle: true,
		format: 'cjs',
		platform: 'node',
		target: 'node20.19',
		external: ['n8n-workflow'],
		logLevel: 'warning',
	});
	for (const name of ['Konnect', 'KonnectTrigger']) {
		await writeFile(
			`dist/nodes/Konnect/${name}.node.js`,
			`'use strict';\nexports.${name} = require('./index.js').${name};\n`,
		);
	}
}

/** Copies what n8n reads beside the code: icons, codex files, and the output schemas. */
const copy = () =>
	gulp
		.src(['icons/*.svg', 'nodes/**/*.node.json', 'nodes/**/__schema__/**/*.json'], {
			base: '.',
			encoding: false,
		})
		.pipe(gulp.dest('dist'));

exports.build = gulp.series(clean, compile, copy);
