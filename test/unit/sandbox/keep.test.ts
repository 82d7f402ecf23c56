import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { asJson, call, merchant, order } from './harness';

let folder: string;
let time = Date.parse('2026-11-01T10:00:00Z');
const running: Sandbox[] = [];
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'konnect-keep-'));
});
afterEach(async () => {
	for (const sandbox of running.splice(0)) await sandbox.close();
	rmSync(folder, { recursive: true });
});

async function start(): Promise<Sandbox> {
	const keepIn = join(folder, 'payments.json');
	const sandbox = await startSandbox({ keepIn, now: () => time });
	running.push(sandbox);
	return sandbox;
}

async function make({ apiBaseUrl }: Sandbox): Promise<string> {
	const request = asJson('POST', order, { 'x-api-key': merchant.apiKey });
	const answer = await call(`${apiBaseUrl}/payments/init-payment`, request);
	return String(answer.json().paymentRef);
}

describe('payments that are kept', () => {
	it('can be paid after a restart, and those that were paid stay so', async () => {
		const first = await start();
		const [open, paid] = [await make(first), await make(first)];
		await first.pay(paid);
		await first.close();

		const second = await start();
		expect(second.payments().map(({ ref }) => ref)).toEqual([open, paid]);
		expect(second.payment(paid)?.status).toBe('completed');
		expect((await call(`${second.url}/pay?payment_ref=${open}`)).text).toContain('Pay');
		expect((await second.pay(open)).state).toBe('paid');
	});

	it('are there when the sandbox was killed after its answer', async () => {
		const ref = await make(await start());
		expect((await start()).payment(ref)?.status).toBe('pending');
	});

	it('settle when their bank answers, though the sandbox was away', async () => {
		const first = await start();
		const ref = await make(first);
		await call(`${first.url}/admin/payments/${ref}/pay`, asJson('POST', { settlesAfter: 5000 }));
		const second = await start();
		expect(second.payment(ref)?.status).toBe('pending');
		time += 5000;
		expect(second.payment(ref)?.status).toBe('completed');
	});

	it('are forgotten by a reset', async () => {
		const first = await start();
		await make(first);
		await call(`${first.url}/admin/reset`, { method: 'POST' });
		expect((await start()).payments()).toEqual([]);
	});

	it('are never overwritten where they cannot be read', async () => {
		const file = join(folder, 'payments.json');
		writeFileSync(file, '{"pay');
		await expect(start()).rejects.toThrow(/payments\.json.*delete it/);
		expect(readFileSync(file, 'utf8')).toBe('{"pay');
	});
});
