import fetch from 'node-fetch';

import { SANDBOX_ACCOUNTS } from '../../../../sandbox';
import {
	chain,
	credentialFor,
	errorOf,
	makePayment,
	openShop,
	triggerNode,
	triggerUrl,
} from '../../harness';
import type { CoreSuite } from './steps';

/** Milliseconds from the payer's return until the bank confirms the payment. By then every call has been answered. */
const SETTLES_AFTER = 12_000;

/** What the webhook does when it is called before there is anything to tell, or when only the owner can help. */
export function lateSuite({ stage, saw }: CoreSuite): void {
	it('starts the workflow for a payment that settles after its only call, by a server or a browser', async () => {
		const { sandbox } = stage();
		const shop = await openShop(stage());
		const refs = [await makePayment(sandbox), await makePayment(sandbox)];
		const callOnce = async (ref: string | undefined, accept: string) => {
			await sandbox.pay(ref ?? '', { settlesAfter: SETTLES_AFTER });
			const response = await fetch(`${shop.url}?payment_ref=${ref}`, { headers: { accept } });
			return await response.text();
		};
		const [json, page] = await Promise.all([
			callOnce(refs[0], '*/*'),
			callOnce(refs[1], 'text/html'),
		]);
		expect(json).toContain('repeat the call later');
		expect(page).toContain('you may close this page');
		await shop.ended(2, 60_000);
		expect((await shop.started()).sort()).toEqual(refs.map((ref) => `${ref}:paid`).sort());
		saw(
			'A bank that is slower than the payer, and nobody calls again',
			'the workflow starts when it has settled',
		);
	});

	it('tells the owner of a key that Konnect refuses, by a failed execution that starts the error workflow', async () => {
		const { client, sandbox, n8n } = stage();
		const apiKey = `${SANDBOX_ACCOUNTS.merchant.apiKey}-revoked`;
		const credential = await client.createCredential(credentialFor(sandbox, { apiKey }));
		const errorTrigger = {
			name: 'On Error',
			type: 'n8n-nodes-base.errorTrigger',
			parameters: {},
		};
		const alarm = await client.createWorkflow(chain('Alarm', [errorTrigger]));
		await client.publish(alarm.id);
		const shop = await client.createWorkflow({
			...chain('Shop', [triggerNode({ credential })]),
			settings: { executionOrder: 'v1', errorWorkflow: alarm.id },
		});
		await client.publish(shop.id);
		const url = `${triggerUrl({ n8n }, shop)}?payment_ref=${await makePayment(sandbox)}`;
		for (let time = 0; time < 3; time++) {
			const response = await fetch(url);
			expect([response.status, await response.json()]).toEqual([
				502,
				{ result: 'failed', reason: 'the payment could not be verified' },
			]);
		}
		const failed = await client.waitForExecution({ workflowId: shop.id });
		expect(errorOf(failed)).toBe('Konnect does not accept the API key');
		expect(JSON.stringify(failed)).not.toContain(apiKey);
		expect(await client.listExecutions({ workflowId: shop.id })).toHaveLength(1);
		await client.waitForExecution({ workflowId: alarm.id });
		saw('A key that Konnect refuses, at a call', 'a failed execution, and the error workflow');
	});
}
