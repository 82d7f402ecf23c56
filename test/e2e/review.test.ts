import { execFile } from 'node:child_process';
import { appendFileSync, cpSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { installPackage, packPackage } from '../../scripts/n8n/pack';
import { temporaryFolder } from '../../scripts/n8n/temporary';
import { installScanner } from '../../scripts/n8n/install';

const ROOT = resolve(__dirname, '../..');
const INSTALL_MS = 600_000;

jest.setTimeout(120_000);

/** What is published, or what it is compiled from. n8n's scanner looks at nothing else. */
const SOURCES = ['package.json', 'tsconfig.json', 'nodes', 'credentials', 'icons'];
const ACTION = 'nodes/Konnect/Konnect.node.ts';

/**
 * Runs a tool without NODE_ENV, because n8n's rules take every file for a node if it is `test`. Gives what it wrote to standard
 * output, where these tools write what they found.
 */
async function run(command: string, args: string[], cwd: string) {
	const env = { ...process.env };
	delete env.NODE_ENV;
	return await new Promise<{ code: number; output: string }>((done) => {
		execFile(command, args, { cwd, env }, (error, output) =>
			done({ code: Number(error?.code ?? 0), output }),
		);
	});
}

/** A copy of some files and folders, for a tool to look at. */
function copyOf(names: string[]): string {
	const folder = temporaryFolder('konnect-review-');
	for (const name of names) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
	return folder;
}

/** Puts something into a file that no reviewer lets pass. */
const spoil = (file: string) => appendFileSync(file, '\nsetTimeout(() => undefined, 1);\n');

const RULE = '@n8n/community-nodes/no-restricted-globals';
const REFUSED = { passed: false, details: expect.stringContaining(RULE) };

describe("n8n's linter, npx n8n-node lint", () => {
	const lint = async (folder: string) => await run('npx', ['n8n-node', 'lint'], folder);

	it('has nothing to say of this repository as it is, not even a warning', async () => {
		const { code, output } = await lint(ROOT);
		expect(output).toContain('n8n-node lint');
		expect(output).not.toMatch(/\b(error|warning)/i);
		expect(code).toBe(0);
	});

	it('would speak up about a node, and about a configuration that is not its own', async () => {
		const folder = copyOf([...SOURCES, 'eslint.config.mjs', 'package-lock.json']);
		symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
		spoil(join(folder, ACTION));
		const spoilt = await lint(folder);
		expect(spoilt.output).toContain(RULE);
		expect(spoilt.code).not.toBe(0);

		appendFileSync(join(folder, 'eslint.config.mjs'), '// changed\n');
		const changed = await lint(folder);
		expect(changed.output).toContain('Strict mode violation');
		expect(changed.code).not.toBe(0);
	});
});

describe("n8n's scanner of community packages", () => {
	let scannerFolder: string;
	beforeAll(async () => {
		scannerFolder = await installScanner();
	}, INSTALL_MS);

	/**
	 * The scanner's command takes published packages only. This calls what the command calls after downloading one, with
	 * the same patterns: on the sources, and on what was packed.
	 */
	const scan = async (folder: string, patterns: 'sources' | 'packed') => {
		const scanner = join(scannerFolder, 'scanner', 'scanner.mjs');
		const program = `
			import { analyzePackage, SOURCE_FILE_PATTERNS } from ${JSON.stringify(scanner)};
			const patterns = { sources: SOURCE_FILE_PATTERNS, packed: ['**/*.js', 'package.json'] };
			console.log(JSON.stringify(await analyzePackage(${JSON.stringify(folder)}, patterns[${JSON.stringify(patterns)}])));
		`;
		const { output } = await run(
			process.execPath,
			['--input-type=module', '--eval', program],
			scannerFolder,
		);
		return JSON.parse(output) as { passed: boolean; details?: string };
	};

	it('lets the sources pass', async () => {
		const folder = copyOf(SOURCES);
		expect(await scan(folder, 'sources')).toEqual({ passed: true });
		spoil(join(folder, ACTION));
		expect(await scan(folder, 'sources')).toMatchObject(REFUSED);
	});

	it('lets the packed package pass', async () => {
		const userFolder = temporaryFolder('konnect-review-');
		await installPackage(await packPackage(), userFolder);
		const folder = join(userFolder, '.n8n', 'nodes', 'node_modules', 'n8n-nodes-konnect');
		expect(await scan(folder, 'packed')).toEqual({ passed: true });

		// The scanner refuses the package when it has a fault, so it did look.
		spoil(join(folder, 'dist/nodes/Konnect/Konnect.node.js'));
		expect(await scan(folder, 'packed')).toMatchObject(REFUSED);
	});
});
