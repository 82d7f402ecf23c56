import type { StoredWorkflow } from '../../../../scripts/n8n/workflows';
import { call, makePayment, outputOf, paidPayments, publishExample, runFrom } from '../../harness';
import { chatChanges, type ExampleShop } from './shop';

const NOBODYS = '0'.repeat(24);

/** `reconcile-pending.json` */
export function reconcileSuite(shop: () => ExampleShop): void {
	let workflow: StoredWorkflow;

	beforeAll(async () => {
		workflow = await publishExample(shop(), 'reconcile-pending', chatChanges(shop().chat));
	});

	const run = async () => {
		const execution = await runFrom(shop(), workflow.id, 'Every 15 minutes');
		expect(execution.status).toBe('success');
		return {
			paid: outputOf(execution, 'Newly paid').map(({ paymentId }) => paymentId),
			unread: outputOf(execution, 'Could not be read'),
		};
	};
	const stateOf = async (ref: string) => (await shop().rowsOf(ref)).map(({ state }) => state);

	it('finds what is paid although no call came, each payment once, and past one that cannot be read', async () => {
		const { sandbox, webhook, chat, note } = shop();
		// Each payer pays, and closes the browser before it reaches the webhook.
		const [first = '', second = ''] = await paidPayments(sandbox, 2, webhook);
		const pending = await makePayment(sandbox);
		const expired = await makePayment(sandbox);
		const refused = await makePayment(sandbox);
		sandbox.expire(expired);
		await sandbox.pay(refused, { card: 'failing' });
		await note([first, NOBODYS, pending, expired, refused, second]);
		const messages = chat.bodies.length;

		const { paid, unread } = await run();
		expect(paid.sort()).toEqual([first, second].sort());
		expect(unread).toEqual([{ paymentId: NOBODYS, error: expect.stringMatching(/./) }]);
		expect(await stateOf(first)).toEqual(['paid']);
		expect(await stateOf(second)).toEqual(['paid']);
		expect(await stateOf(expired)).toEqual(['expired']);
		for (const ref of [pending, refused, NOBODYS]) expect(await stateOf(ref)).toEqual(['pending']);
		const told = chat.bodies.slice(messages).map((body) => (body as { text: string }).text);
		expect(told.sort()).toEqual(
			[first, second].map((ref) => `Paid: 12.500 TND. Order: none. Payment: ${ref}.`).sort(),
		);

		expect((await run()).paid).toEqual([]);
		expect(chat.bodies).toHaveLength(messages + 2);
		// The payer opens the browser again: the lost call comes late, and nothing is delivered twice.
		expect(await call(webhook, first)).toEqual({ status: 200, result: 'accepted' });
		const late = await shop().receivedFor(first);
		expect(outputOf(late, 'Mark as paid')).toEqual([]);
		expect(chat.bodies).toHaveLength(messages + 2);
	});

	it('leaves everything as it is while Konnect is out of reach, and finds it later', async () => {
		const { sandbox, note } = shop();
		const [ref = ''] = await paidPayments(sandbox, 1);
		await note([ref]);
		sandbox.setFaults({ status: 500, retryAfter: 0, match: 'get' });
		const { paid, unread } = await run();
		sandbox.clearFaults();
		expect(paid).toEqual([]);
		expect(unread.map(({ paymentId }) => paymentId)).toContain(ref);
		expect(await stateOf(ref)).toEqual(['pending']);
		expect((await run()).paid).toEqual([ref]);
	});
}
