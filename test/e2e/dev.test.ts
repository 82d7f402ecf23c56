import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fetch from 'node-fetch';

import { freePorts } from '../../scripts/n8n/ports';
import { temporaryFolder } from '../../scripts/n8n/temporary';

const ROOT = resolve(__dirname, '../..');
const TIMEOUT_MS = 240_000;
const POLL_MS = 200;
const FIELDS = 'nodes/Konnect/operations/fields.ts';

/** A copy of the checkout, so that the test can change its sources while others use the real ones. */
function copyOfCheckout(): string {
	const folder = temporaryFolder('konnect-dev-');
	const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: ROOT });
	for (const file of listed.toString().split('\n').filter(Boolean)) {
		cpSync(join(ROOT, file), join(folder, file), { recursive: true });
	}
	symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
	return folder;
}

/** `npm run dev` in a checkout, and what it has printed. */
class Dev {
	private readonly child: ChildProcess;
	output = '';

	constructor(cwd: string, ports: number[]) {
		const flags = ['--port', String(ports[0]), '--sandbox-port', String(ports[1])];
		const env = { ...process.env };
		delete env.NODE_ENV;
		this.child = spawn('npm', ['run', 'dev', '--', ...flags], { cwd, env, detached: true });
		for (const stream of [this.child.stdout, this.child.stderr]) {
			stream?.on('data', (text) => (this.output += String(text)));
		}
	}

	/** Resolves when something is so; a process that has ended will not bring it about. */
	async until(isSo: () => boolean | Promise<boolean>): Promise<void> {
		while (!(await isSo())) {
			if (this.child.exitCode !== null) throw new Error(`npm run dev ended:\n${this.output}`);
			await sleep(POLL_MS);
		}
	}

	async interrupt(): Promise<void> {
		if (this.child.exitCode !== null) return;
		const ended = once(this.child, 'close');
		process.kill(-this.child.pid!, 'SIGINT');
		await ended;
	}
}

interface NodeType {
	name: string;
	properties: Array<{ name: string; displayName: string }>;
}

/** Logs in, and gives a function that reads the label of 'Simplify' from the file that n8n's editor reads. */
async function editorOf(url: string, email: string, password: string) {
	const login = await fetch(`${url}/rest/login`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ emailOrLdapLoginId: email, password }),
	});
	const cookie = login.headers.raw()['set-cookie']?.join('; ') ?? '';
	return async () => {
		const types = await fetch(`${url}/types/nodes.json`, { headers: { cookie } });
		const text = await types.text();
		// While n8n writes the file anew, it can be read half.
		if (!text.trimEnd().endsWith(']')) return undefined;
		const konnect = (JSON.parse(text) as NodeType[]).find(
			({ name }) => name === 'n8n-nodes-konnect.konnect',
		);
		return konnect?.properties.find(({ name }) => name === 'simplify')?.displayName;
	};
}

let dev: Dev;
afterAll(async () => await dev?.interrupt(), TIMEOUT_MS);

describe('npm run dev', () => {
	it(
		'has n8n serve a change of the sources, and keeps n8n running when they do not build',
		async () => {
			const checkout = copyOfCheckout();
			const ports = await freePorts(2);
			dev = new Dev(checkout, ports);
			await dev.until(() => dev.output.includes('Watching the sources'));

			const file = join(checkout, FIELDS);
			const text = readFileSync(file, 'utf8');
			expect(text).toContain("displayName: 'Simplify'");
			const [, email = ''] = /e-mail\s+(\S+)/.exec(dev.output) ?? [];
			const [, password = ''] = /password\s+(\S+)/.exec(dev.output) ?? [];
			const label = await editorOf(`http://127.0.0.1:${ports[0]}`, email, password);
			await dev.until(async () => (await label()) === 'Simplify');

			writeFileSync(file, text.replace("'Simplify'", "'Simplify a Lot'"));
			await dev.until(async () => (await label()) === 'Simplify a Lot');

			writeFileSync(file, `${text}\n}`);
			await dev.until(() => /Unexpected "}"/.test(dev.output));
			await dev.until(async () => (await label()) === 'Simplify a Lot');

			writeFileSync(file, text);
			await dev.until(async () => (await label()) === 'Simplify');
		},
		TIMEOUT_MS,
	);
});
