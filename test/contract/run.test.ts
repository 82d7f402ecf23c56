import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { SANDBOX_ACCOUNTS, startSandbox, type SandboxOptions } from '../../sandbox';
import { temporaryFolder } from '../../scripts/n8n/temporary';

const ROOT = resolve(__dirname, '../..');
const { merchant } = SANDBOX_ACCOUNTS;

let folder: string;
beforeEach(() => void (folder = temporaryFolder('konnect-recordings-')));

/** What to type, given all that the command has printed so far; undefined as long as it asks for nothing new. */
type Answer = (output: string) => Promise<string | undefined>;

/** Runs what `npm run test:konnect` runs. */
async function run(env: Record<string, string>, answer: Answer = async () => undefined) {
	const command = ['--import', 'tsx', 'test/contract/run.ts', '--recordings', folder];
	const { PATH = '' } = process.env;
	const child = spawn(process.execPath, command, { cwd: ROOT, env: { PATH, ...env } });
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', (text) => {
			output += String(text);
			void answer(output).then((line) => line !== undefined && child.stdin.write(line));
		});
	}
	const [code] = (await once(child, 'close')) as [number];
	return { code, output };
}

const KEYS = { KONNECT_API_KEY: merchant.apiKey, KONNECT_WALLET_ID: merchant.walletId };

async function runAt(options: SandboxOptions) {
	const sandbox = await startSandbox(options);
	const outcome = await run({ ...KEYS, KONNECT_BASE_URL: sandbox.apiBaseUrl });
	await sandbox.close();
	return { ...outcome, requests: sandbox.requests };
}

const recorded = () => readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));

describe('npm run test:konnect', () => {
	it('says that nothing differs, what was not looked at and why, and how many requests it spent', async () => {
		const { code, output, requests } = await runAt({});
		expect(output).toContain('Nothing differs from what we believe.');
		expect(output).toContain(`${requests.length} requests were spent, of at most 29.`);
		expect(output).toContain('not looked at, somebody has to pay: KONNECT_PAY=1');
		expect(output).toContain('not looked at, it needs KONNECT_OTHER_API_KEY');
		expect(code).toBe(0);
	});

	it('waits for a person to pay where that was wanted, and checks the result against our beliefs', async () => {
		const sandbox = await startSandbox({});
		let asked = 0;
		const payer: Answer = async (output) => {
			const requests = [
				...output.matchAll(/Open (\S+)\n.*to end in (failure|success|open)\b.*: .*\n.*Enter here/g),
			];
			const [, url = '', outcome] = requests[asked] ?? [];
			if (url === '') return undefined;
			asked++;
			const ref = new URL(url).searchParams.get('payment_ref') ?? '';
			const card = outcome === 'failure' ? 'failing' : 'visa';
			await sandbox.pay(ref, { card, open: outcome === 'open' });
			return '\n';
		};
		const env = { ...KEYS, KONNECT_BASE_URL: sandbox.apiBaseUrl, KONNECT_PAY: '1' };
		const { code, output } = await run(env, payer);
		await sandbox.close();
		expect(asked).toBe(3);
		expect(output).toContain('Nothing differs from what we believe.');
		expect(output).not.toContain('somebody has to pay');
		expect(code).toBe(0);
	});

	it('names what differs, with what was expected and what was seen, and fails', async () => {
		const { code, output } = await runAt({
			quirks: { refusalStatus: 422, fieldsFirst: true },
			getKey: 'ignored',
		});
		expect(output).toMatch(
			/✗ {2}The key is looked at before the fields \[question 9\] – the nodes rely on it\n +expected +\{"kind":"keyRefused".*\n +seen +\{"kind":"invalid"/,
		);
		expect(output).toMatch(
			/✗ {2}What is refused by its field is answered 400 \[question 3\]\n +expected +400\n +seen +422/,
		);
		expect(output).toMatch(/✗ {2}Reading needs a key \[question 2\]/);
		expect(output).toContain('4 of our beliefs do not hold.');
		expect(code).toBe(1);
	});

	it('writes what it saw, without the key and the wallet', async () => {
		const { requests, output } = await runAt({ shape: 'documented' });
		expect(recorded()).toHaveLength(requests.length);
		for (const text of [...recorded(), output]) {
			expect(text).not.toContain(merchant.apiKey.split(':')[1]);
			expect(text).not.toContain(merchant.apiKey.split(':')[0]);
			expect(text).not.toContain(merchant.walletId);
		}
		expect(recorded().join()).toContain('"status": "pending"');
	});

	it.each([
		[{}, 'Set KONNECT_API_KEY and KONNECT_WALLET_ID'],
		[{ ...KEYS, KONNECT_API_KEY: 'none' }, "'API Key' is not a Konnect API key"],
		[{ ...KEYS, KONNECT_BASE_URL: 'https://api.konnect.network/api/v2' }, 'where money is real'],
		[{ ...KEYS, KONNECT_BASE_URL: 'https://API.konnect.network./api/v2' }, 'where money is real'],
	])('refuses to start with %j', async (env, message) => {
		const { code, output } = await run(env);
		expect(output).toContain(message);
		expect(code).toBe(1);
		expect(recorded()).toEqual([]);
	});
});
