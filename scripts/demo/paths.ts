import { resolve } from 'node:path';

/** The checkout. */
export const ROOT = resolve(__dirname, '..', '..');

/**
 * Where `npm start` keeps its n8n's data, its logs, and what it has set up: `.sandbox` in the checkout, which is not under
 * version control, or the folder that KONNECT_DEMO_DATA names.
 */
export const DATA_DIR = resolve(ROOT, process.env.KONNECT_DEMO_DATA ?? '.sandbox');

/** What the package is built from, in the checkout. */
export const SOURCES = [
	'nodes',
	'credentials',
	'icons',
	'gulpfile.js',
	'package.json',
	'tsconfig.json',
];
