import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { freePorts } from '../../scripts/n8n/ports';
import { n8nClient } from '../../scripts/n8n/rest';
import { temporaryFolder } from '../../scripts/n8n/temporary';
import { RunningCommand } from './harness/command';

const ROOT = resolve(__dirname, '../..');
const LOOKS_A_SAVE = 50;
const FIELDS = 'nodes/Konnect/descriptions/fields.ts';

jest.setTimeout(480_000);

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

interface NodeType {
	name: string;
	properties: Array<{ name: string; displayName: string }>;
}

/** Logs in, and gives a function that reads the label of 'Simplify' from the file that n8n's editor reads. */
async function editorOf(url: string, email: string, password: string) {
	const { logIn, request } = n8nClient(url);
	await logIn({ email, password });
	// It lies beside what `request` is for. It can be read only in part while n8n rewrites it.
	const read = async () => await request<NodeType[] | undefined>('GET', '/../types/nodes.json');
	return async () => {
		const types = await read().catch(() => undefined);
		const konnect = types?.find(({ name }) => name === 'n8n-nodes-konnect.konnect');
		return konnect?.properties.find(({ name }) => name === 'simplify')?.displayName;
	};
}

let dev: RunningCommand;
afterAll(async () => await dev?.interrupt());

describe('npm run dev', () => {
	it('has n8n serve a change of the sources, and keeps n8n running when they do not build', async () => {
		const checkout = copyOfCheckout();
		const ports = await freePorts(2);
		const flags = ['--port', String(ports[0]), '--sandbox-port', String(ports[1])];
		dev = new RunningCommand(['run', 'dev', '--', ...flags], checkout);
		await dev.printed(/Watching the sources/);

		const file = join(checkout, FIELDS);
		const text = readFileSync(file, 'utf8');
		expect(text).toContain("displayName: 'Simplify'");
		const email = await dev.printed(/e-mail\s+(\S+)/);
		const password = await dev.printed(/password\s+(\S+)/);
		const label = await editorOf(`http://127.0.0.1:${ports[0]}`, email, password);
		await dev.until(async () => (await label()) === 'Simplify');

		// n8n does not say when it has begun to watch its folders, so the first change is saved again and again until it is seen.
		const changed = text.replace("'Simplify'", "'Simplify a Lot'");
		let looks = 0;
		await dev.until(async () => {
			if (looks++ % LOOKS_A_SAVE === 0) writeFileSync(file, changed);
			return (await label()) === 'Simplify a Lot';
		});

		writeFileSync(file, `${text}\n}`);
		await dev.printed(/'compile' errored/);
		await dev.until(async () => (await label()) === 'Simplify a Lot');

		writeFileSync(file, text);
		await dev.until(async () => (await label()) === 'Simplify');
	});
});
