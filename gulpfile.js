const { cp, rm } = require('node:fs/promises');
const esbuild = require('esbuild');
const gulp = require('gulp');

const clean = () => rm('dist', { recursive: true, force: true });

/** The two nodes and the runtime load the descriptions from one shared file, wherever the sources import them. */
const sharedDescriptions = {
	name: 'shared descriptions',
	setup: (build) =>
		build.onResolve({ filter: /^\.\.?\/descriptions$/ }, () => ({
			path: './descriptions',
			external: true,
		})),
};

/**
 * Compiles the package to few and small files, because n8n loads all nodes at each start. Both nodes share one file of
 * descriptions. What they do is in another file, which is loaded on first use. `npm run types` checks the types.
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
		// So that the names in an error's stack can be found in the sources.
		keepNames: true,
		lineLimit: 120,
		charset: 'utf8',
		logLevel: 'warning',
	});

/** Copies what n8n reads beside the code: icons, codex files, and the output schemas. JSON is minified, like the code. */
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

/** For `npm run dev`: builds at once and on every change. Copies each build to the folder COPY_TO, unless it failed. */
exports.watch = async () => {
	// The watcher is not returned to gulp, which would end with the first build that fails.
	gulp.watch(
		['nodes', 'credentials', 'icons', 'package.json'],
		// Editors write several files, or one file several times; the delay turns that into one build.
		{ delay: 100, ignoreInitial: false },
		gulp.series(exports.build, copyTo),
	);
};
