import {
	call,
	codeNode,
	hasEnded,
	makePayment,
	openBrowser,
	openShop,
	outputOf,
	paidPayments,
	type ServedStage,
} from '../harness';
import { callersOf } from './slowBank';

const TIMEOUT_MS = 120_000;

const COUNT = codeNode(
	'Count',
	`const data = $getWorkflowStaticData('global');
data.count = (data.count ?? 0) + 1;
return [{ json: { count: data.count } }];`,
);

/** What else goes on in n8n while a call is held, or keeps looking. */
export function heldSuite(stage: () => ServedStage): void {
	it('leaves a count in global static data right, whatever ran meanwhile', async () => {
		const { client, sandbox } = stage();
		const shop = await openShop(stage(), [COUNT]);
		const slow = await makePayment(sandbox);
		await sandbox.pay(slow, { settlesAfter: 5_000 });
		const held = call(shop.url, slow);
		const [last = '', ...refs] = await paidPayments(sandbox, 4);
		const accepted = { status: 200, result: 'accepted' };
		for (const ref of refs) {
			expect(await call(shop.url, ref)).toEqual(accepted);
			await shop.started();
		}
		await held;
		await client.waitUntilAll({ workflowId: shop.id, count: 4, until: hasEnded });
		expect(await call(shop.url, last)).toEqual(accepted);
		const all = await client.waitUntilAll({ workflowId: shop.id, count: 5, until: hasEnded });
		const executions = await Promise.all(all.map(({ id }) => client.getExecution(id)));
		const counts = executions.map((execution) => Number(outputOf(execution, 'Count')[0]?.count));
		expect(counts.sort()).toEqual([1, 2, 3, 4, 5]);
	});

	it('starts a test in the editor for a payment that settles while n8n listens, whoever called once', async () => {
		const { client, sandbox } = stage();
		const browser = await openBrowser();
		await Promise.all(
			callersOf(browser).both.map(async (callOnce) => {
				const shop = await openShop(stage());
				const ref = await makePayment(sandbox);
				await client.runManually(shop.id, 'Konnect Trigger');
				await sandbox.pay(ref, { settlesAfter: 12_000 });
				const url = shop.url.replace('/webhook/', '/webhook-test/');
				await callOnce(`${url}?payment_ref=${ref}`);
				const tested = await client.waitForExecution({
					workflowId: shop.id,
					until: ({ mode, status }) => mode === 'manual' && status === 'success',
					timeout: TIMEOUT_MS,
				});
				expect(outputOf(tested, 'Konnect Trigger')).toMatchObject([
					{ paymentId: ref, state: 'paid' },
				]);
				expect(await client.listExecutions({ workflowId: shop.id })).toHaveLength(1);
			}),
		);
		await browser.close();
	});
}
