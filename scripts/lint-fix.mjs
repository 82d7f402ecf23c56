// `npm run lint:fix`: fixes what can be fixed, and writes down what development code is allowed.
//
// n8n's linter takes only its own configuration, which holds all code in the folder to the rules of nodes on n8n Cloud. The
// sandbox, scripts and tests never run there. eslint-suppressions.json lists what they do that nodes may not. This script writes the
// file, and ESLint reads it by itself.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

/** What nodes may not do, and development code may. */
const ONLY_FOR_NODES = [
	'@n8n/community-nodes/no-dangerous-functions',
	'@n8n/community-nodes/no-hardcoded-secrets',
	'@n8n/community-nodes/no-restricted-globals',
	'@n8n/community-nodes/no-restricted-imports',
	'@n8n/community-nodes/require-node-api-error',
	// The linter's resolver does not find packages with several entry points; `npm run types` does.
	'import-x/no-unresolved',
	'no-console',
];

/** Runs a development tool. */
const run = (tool, ...args) =>
	spawnSync(join('node_modules', '.bin', tool), args, {
		stdio: 'inherit',
		shell: process.platform === 'win32',
	}).status ?? 1;

rmSync('eslint-suppressions.json', { force: true });
const noted = run(
	'eslint',
	...['sandbox', 'scripts', 'test'],
	...ONLY_FOR_NODES.flatMap((rule) => ['--suppress-rule', rule]),
);
const linted = run('eslint', '.', '--fix', '--max-warnings', '0');
const formatted = run('prettier', '--write', '.');
process.exitCode = noted || linted || formatted;
