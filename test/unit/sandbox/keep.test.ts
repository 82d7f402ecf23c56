import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../scripts/n8n/temporary';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { asJson, call, clientOf } from './harness';

let keepIn: string;
let time = Date.parse('2026-11-01T10:00:00Z');
const running: Sandbox[] = [];
beforeEach(() => {
	keepIn = join(temporaryFolder('konnect-keep-'), 'payments.json');
});
afterEach(async () => {
	for (const sandbox of running.splice(0)) await sandbox.close();
});

async function start(): Promise<Sandbox> {
	const sandbox = await startSandbox({ keepIn, now: () => time });
	running.push(sandbox);
	return sandbox;
}

const make = async (sandbox: Sandbox) => await clientOf(sandbox).make();

describe('payments that are kept', () => {
	it('can be paid after a restart, and those that were paid stay so', async () => {
		const first = await start();
		const [open, paid] = [await make(first), await make(first)];
		await first.pay(paid);
		await first.close();

		const second = await start();
		expect(second.payments().map(({ ref }) => ref)).toEqual([open, paid]);
		expect(second.payment(paid)?.status).toBe('completed');
		expect((await second.pay(open)).state).toBe('paid');
	});

	it('settle when their bank answers, though the sandbox was killed meanwhile', async () => {
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
		writeFileSync(keepIn, '{"pay');
		await expect(start()).rejects.toThrow(/payments\.json.*delete it/);
		expect(readFileSync(keepIn, 'utf8')).toBe('{"pay');
	});
});
