import fetch from 'node-fetch';

import { SANDBOX_ACCOUNTS } from '../../../../sandbox';
import { callAsServer, openTab } from '../../../fixtures/callers';
import {
	chain,
	credentialFor,
	errorOf,
	makePayment,
	N8nRequestError,
	openShop,
	triggerNode,
	triggerUrl,
} from '../../harness';
import type { CoreSuite } from './steps';

/** The bank's word comes so many milliseconds after the payer was sent back: later than a browser's call is answered. */
const SETTLES_AFTER = 6_000;

/** What the webhook does when it is called before there is anything to tell, or when only the owner can help. */
export function lateSuite({ stage, saw }: CoreSuite): void {
	it('starts the workflow for a payment that settles after its only call, by a server or a browser', async () => {
		const { sandbox } = stage();
		const shop = await openShop(stage());
		const refs = [await makePayment(sandbox), await makePayment(sandbox)];
		const call = async (ref: string, comeAgain: typeof openTab) => {
			await sandbox.pay(ref, { settlesAfter: SETTLES_AFTER });
			return (await comeAgain(`${shop.url}?payment_ref=${ref}`)).text;
		};
		const [json, page] = await Promise.all([
			call(refs[0] ?? '', callAsServer),
			call(refs[1] ?? '', openTab),
		]);
		expect(json).toContain('accepted');
		expect(page).toContain('Payment received');
		expect((await shop.started()).sort()).toEqual(refs.map((ref) => `${ref}:paid`).sort());
		saw('A bank that is slower than the payer', 'the workflow starts when it has settled');
	});

	it('tells the owner of a key that Konnect refuses, by a failed execution that starts the error workflow', async () => {
		const { client, sandbox, n8n } = stage();
		const { name, type, data } = credentialFor(sandbox);
		const apiKey = `${SANDBOX_ACCOUNTS.merchant.apiKey}-revoked`;
		const credential = await client.createCredential({ name, type, data: { ...data, apiKey } });
		const errorTrigger = {
			name: 'On Error',
			type: 'n8n-nodes-base.errorTrigger',
			parameters: {},
		};
		const alarm = await client.createWorkflow(chain('Alarm', [errorTrigger]));
		// n8n 1 publishes nothing that has only an Error Trigger, and runs it all the same.
		await client
			.publish(alarm.id)
			.catch((error: N8nRequestError) => expect(error.status).toBe(400));
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
