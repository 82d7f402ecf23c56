const { cp, rm } = require('node:fs/promises');
const esbuild = require('esbuild');
const gulp = require('gulp');

const clean = () => rm('dist', { recursive: true, force: true });

/** All three other files have the descriptions from one file beside them, wherever the import stands in the sources. */
const sharedDescriptions = {
	name: 'shared descriptions',
	setup: (build) =>
		build.onResolve({ filter: /^\.\.?\/descriptions$/ }, () => ({
			path: './descriptions',
			external: true,
		})),
};

/**
 * Compiles the package to few and small files, because n8n loads all nodes at each start: what describes them, in a file that both
 * nodes share, and apart from it what they do, which is loaded at their first use. Types are checked by `npm run types`.
 */
const compile = () =>
	esbuild.build({
		entryPoints: [
			'nodes/Konnect/Konnect.node.ts',
			'nodes/Konnect/KonnectTrigger.node.ts',
			'nodes/Konnect/runtime.ts',
			'nodes/Konnect/descriptions/index.ts',
			'credentials/KonnectApi.credentials.ts',
		],
		outdir: 'dist',
		outbase: '.',
		bundle: true,
		format: 'cjs',
		platform: 'node',
		target: 'node20.19',
		external: ['n8n-workflow', './runtime', '../nodes/Konnect/runtime'],
		plugins: [sharedDescriptions],
		// `import()` becomes `require`, as in everything else that n8n loads.
		supported: { 'dynamic-import': false },
		minify: true,
		// What an error's stack shows can be found in the sources.
		keepNames: true,
		lineLimit: 120,
		charset: 'utf8',
		logLevel: 'warning',
	});

/** Copies what n8n reads beside the code: icons, codex files, and the output schemas. JSON without its spaces, as the code. */
const copy = () =>
	gulp
		.src(['icons/*.svg', 'nodes/**/*.node.json', 'nodes/**/__schema__/**/*.json'], {
			base: '.',
			encoding: false,
		})
		.on('data', (file) => {
			if (file.extname === '.json') file.contents = Buffer.from(compact(file.contents));
		})
		.pipe(gulp.dest('dist'));

const compact = (json) => JSON.stringify(JSON.parse(json));

exports.build = gulp.series(clean, compile, copy);

const copyTo = () => cp('dist', process.env.COPY_TO, { recursive: true });

/** For `npm run dev`: builds at once and on every change, and copies what was built to the folder COPY_TO. What does not build stays out. */
exports.watch = async () => {
	// Not given to gulp, which would end with the first build that fails.
	gulp.watch(
		['nodes', 'credentials', 'icons', 'package.json'],
		// Editors write several files, or one file several times.
		{ delay: 100, ignoreInitial: false },
		gulp.series(exports.build, copyTo),
	);
};
