import { resolve } from 'node:path';

/** The checkout. */
export const ROOT = resolve(__dirname, '..', '..');

/** Where `npm start` keeps its n8n's data, its logs, and what it has set up. Not under version control. */
export const DATA_DIR = resolve(ROOT, '.sandbox');
