import { execFile } from 'node:child_process';
import { appendFileSync, copyFileSync, cpSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { installPackage, packPackage } from '../../scripts/n8n/pack';
import { temporaryFolder } from '../../scripts/n8n/temporary';
import { installReviewTool, type ReviewInstall } from '../../scripts/review/install';

const ROOT = resolve(__dirname, '../..');
const INSTALL_MS = 600_000;
const RUN_MS = 120_000;

/** What is published, or what it is compiled from. n8n's reviewers look at nothing else. */
const SOURCES = ['package.json', 'tsconfig.json', 'nodes', 'credentials', 'icons'];
const ACTION = 'nodes/Konnect/Konnect.node.ts';

interface Outcome {
	code: number;
	/** What it wrote to standard output, where these tools write what they found. */
	output: string;
}

/** Runs a tool, outside of this test run: n8n's rules take every file for a node where NODE_ENV is `test`. */
async function run(args: string[], cwd: string): Promise<Outcome> {
	const env = { ...process.env };
	delete env.NODE_ENV;
	return await new Promise((done) => {
		execFile(process.execPath, args, { cwd, env }, (error, output) =>
			done({ code: Number(error?.code ?? 0), output }),
		);
	});
}

/** A copy of the package's sources, for a tool to look at. */
function copyOfSources(): string {
	const folder = temporaryFolder('konnect-review-');
	for (const name of SOURCES) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
	return folder;
}

/** Puts something into a file that no reviewer lets pass. */
const spoil = (file: string) => appendFileSync(file, '\nsetTimeout(() => undefined, 1);\n');

const RULE = '@n8n/community-nodes/no-restricted-globals';
const REFUSED = { passed: false, details: expect.stringContaining(RULE) };

describe("n8n's linter, n8n-node lint", () => {
	let tool: ReviewInstall;
	beforeAll(async () => {
		tool = await installReviewTool('lint', { progress: console.log });
	}, INSTALL_MS);

	/**
	 * In strict mode the linter wants `eslint.config.mjs` to be its own two lines, and then looks at every file of the
	 * folder. Ours is a file of its own, which holds the same rules for the same files and checks tests and scripts
	 * besides, to which n8n's rules for nodes do not apply. So the linter gets what its rules are for, a copy of the
	 * sources of the package with n8n's own configuration unchanged, and package.json as it is, strict mode on.
	 */
	const lint = async (folder: string) => {
		const { packageDir, dir } = tool;
		const template = 'dist/template/templates/shared/default/eslint.config.mjs';
		copyFileSync(join(packageDir, template), join(folder, 'eslint.config.mjs'));
		symlinkSync(join(dir, 'node_modules'), join(folder, 'node_modules'), 'dir');
		return await run([join(packageDir, 'bin', 'n8n-node.mjs'), 'lint'], folder);
	};

	it(
		'has nothing to say, not even a warning',
		async () => {
			const { code, output } = await lint(copyOfSources());
			expect(output).toContain('n8n-node lint');
			expect(output).not.toMatch(/\b(error|warning)/i);
			expect(code).toBe(0);
		},
		RUN_MS,
	);

	it(
		'would speak up, so it does look at our files with its rules',
		async () => {
			const folder = copyOfSources();
			spoil(join(folder, ACTION));
			const { code, output } = await lint(folder);
			expect(output).toContain(RULE);
			expect(code).not.toBe(0);
		},
		RUN_MS,
	);

	it('is in strict mode', () => {
		const { n8n } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
			n8n: { strict: boolean };
		};
		expect(n8n.strict).toBe(true);
	});
});

describe("n8n's scanner of community packages", () => {
	let tool: ReviewInstall;
	beforeAll(async () => {
		tool = await installReviewTool('scan', { progress: console.log });
	}, INSTALL_MS);

	/**
	 * The scanner's command takes published packages only. This calls what the command calls after downloading one, with
	 * the same patterns: on the sources, and on what was packed.
	 */
	const scan = async (folder: string, patterns: 'sources' | 'packed') => {
		const scanner = join(tool.packageDir, 'scanner', 'scanner.mjs');
		const program = `
			import { analyzePackage, SOURCE_FILE_PATTERNS } from ${JSON.stringify(scanner)};
			const patterns = { sources: SOURCE_FILE_PATTERNS, packed: ['**/*.js', 'package.json'] };
			console.log(JSON.stringify(await analyzePackage(${JSON.stringify(folder)}, patterns[${JSON.stringify(patterns)}])));
		`;
		const { output } = await run(['--input-type=module', '--eval', program], tool.dir);
		return JSON.parse(output) as { passed: boolean; details?: string };
	};

	it(
		'lets the sources pass',
		async () => {
			const folder = copyOfSources();
			expect(await scan(folder, 'sources')).toEqual({ passed: true });
			spoil(join(folder, ACTION));
			expect(await scan(folder, 'sources')).toMatchObject(REFUSED);
		},
		RUN_MS,
	);

	it(
		'lets the packed package pass',
		async () => {
			const userFolder = temporaryFolder('konnect-review-');
			await installPackage(await packPackage(), userFolder);
			const folder = join(userFolder, '.n8n', 'nodes', 'node_modules', 'n8n-nodes-konnect');
			expect(await scan(folder, 'packed')).toEqual({ passed: true });

			// It would refuse it, so it did look.
			spoil(join(folder, 'dist/nodes/Konnect/Konnect.node.js'));
			expect(await scan(folder, 'packed')).toMatchObject(REFUSED);
		},
		RUN_MS,
	);
});
