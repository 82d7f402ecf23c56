import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import fetch from 'node-fetch';
import { resolve } from 'node:path';
import { SANDBOX_ACCOUNTS, startSandbox } from '../../../sandbox';
import { call } from './harness';

const ROOT = resolve(__dirname, '../../..');

function startCli(...options: string[]) {
	const args = ['--import', 'tsx', 'sandbox/cli.ts', ...options];
	const child = spawn(process.execPath, args, { cwd: ROOT });
	const output = { out: '', err: '' };
	child.stdout.on('data', (data) => (output.out += String(data)));
	child.stderr.on('data', (data) => (output.err += String(data)));
	return { child, output };
}

describe('starting and stopping', () => {
	it('closes although a client keeps its connection and another waits for its answer', async () => {
		const sandbox = await startSandbox({ faults: { latency: 60_000 } });
		const agent = new Agent({ keepAlive: true });
		await (await fetch(`${sandbox.url}/healthz`, { agent })).text();
		const waiting = call(`${sandbox.apiBaseUrl}/payments/x`).catch(() => 'cut');
		await new Promise((done) => setTimeout(done, 50));
		await sandbox.close();
		await expect(waiting).resolves.toBeDefined();
		await expect(call(sandbox.url)).rejects.toThrow('ECONNREFUSED');
		await sandbox.close();
		agent.destroy();
	});
});

describe('the command', () => {
	it('prints what to enter in the credential, takes the faults and stops on SIGTERM', async () => {
		const { child, output } = startCli('--port', '0', '--fault', 'status=503', 'html=true');
		while (!output.out.includes('Ctrl-C')) await once(child.stdout, 'data');
		const base = /Base URL +(\S+)/.exec(output.out)?.[1] ?? '';
		expect(output.out).toContain(SANDBOX_ACCOUNTS.merchant.apiKey);
		expect(output.out).toContain(SANDBOX_ACCOUNTS.merchant.walletId);
		expect(output.out).toContain('4509 2111 1111 1119');
		expect((await call(`${base}/payments/x`)).status).toBe(503);
		child.kill('SIGTERM');
		expect((await once(child, 'exit'))[0]).toBe(0);
		expect(output.out).toContain('GET /payments/x → 503');
	});

	it('says in one line that a port is taken', async () => {
		const sandbox = await startSandbox();
		const { child, output } = startCli('--port', new URL(sandbox.url).port);
		expect((await once(child, 'close'))[0]).toBe(1);
		expect(output.err).toMatch(/^Port \d+ is taken\. .*\n$/);
		await sandbox.close();
	});
});
