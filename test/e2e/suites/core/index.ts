import fetch from 'node-fetch';

import { SANDBOX_ACCOUNTS } from '../../../../sandbox';
import { call, credentialFor, openShop, paidPayments, type Execution } from '../../harness';
import { lateSuite } from './late';
import { paymentSuite, refusalSuite } from './payments';
import type { CoreSuite } from './steps';
import { WAIT, waitSuite } from './wait';

/** What must work in every n8n that we say we support. */
export function coreSuite(suite: CoreSuite): void {
	afterEach(() => suite.stage().sandbox.clearFaults());
	credentialSuite(suite);
	paymentSuite(suite);
	refusalSuite(suite);
	lateSuite(suite);
	waitSuite(suite);
	n8nSuite(suite);
}

/** What a credential test says of a 503. An n8n version that cannot let single statuses pass has only the body to go by. */
const AWAY: Array<[text: RegExp, how: string]> = [
	[/HTTP 503/, 'says so'],
	[/Service unavailable/, 'says so, in words of n8n'],
	[/key could not be confirmed.* try again later/, 'says that the key could not be confirmed'],
];

function credentialSuite({ stage, saw }: CoreSuite): void {
	const test = async (changes?: Record<string, string>) => {
		const credential = credentialFor(stage().sandbox, changes);
		// Saved first and then tested, as in the editor. n8n 1 refuses to test a credential that is not saved.
		const { id } = await stage().client.createCredential(credential);
		return await stage().client.testCredential({ ...credential, id });
	};

	it('tests a credential: a right key, a wrong one, one not validated, a stranger’s address', async () => {
		expect(await test()).toEqual({ status: 'OK', message: 'Connection successful!' });
		expect(await test({ apiKey: `${SANDBOX_ACCOUNTS.merchant.apiKey}x` })).toEqual({
			status: 'Error',
			message: expect.stringContaining('does not know this API key'),
		});
		const { apiKey, walletId } = SANDBOX_ACCOUNTS.unvalidated;
		expect(await test({ apiKey, walletId })).toEqual({
			status: 'Error',
			message: expect.stringContaining('status of the organisation'),
		});
		expect(await test({ baseUrl: stage().sandbox.url })).toMatchObject({ status: 'Error' });
		expect(stage().sandbox.payments()).toEqual([]);
		saw('Credential test: a right key, a wrong key, an organisation not validated', 'told apart');
	});

	it('does not take a Konnect that is away for a right key', async () => {
		stage().sandbox.setFaults({ status: 503 });
		const { status, message } = await test();
		expect(status).toBe('Error');
		const known = AWAY.find(([text]) => text.test(message));
		expect(known ?? message).toBe(known);
		saw('Credential test while Konnect is away (503)', known?.[1] ?? '');
	});
}

/** What n8n itself does differently from version to version. */
function n8nSuite({ stage, saw }: CoreSuite): void {
	it('takes a call at the test URL each time that somebody listens', async () => {
		const shop = await openShop(stage());
		const [ref = ''] = await paidPayments(stage().sandbox, 1);
		const testUrl = shop.url.replace('/webhook/', '/webhook-test/');
		for (let time = 0; time < 2; time++) {
			await stage().client.runManually(shop.id, 'Konnect Trigger');
			expect(await call(testUrl, ref)).toEqual({ status: 200, result: 'accepted' });
		}
		saw('Test URL', 'works');
	});

	it('waits after the trigger, and goes on for everybody whom n8n lets in', async () => {
		const { client, n8n, sandbox } = stage();
		const shop = await openShop(stage(), [WAIT]);
		const [ref = ''] = await paidPayments(sandbox, 1);
		await call(shop.url, ref);
		const until = ({ status }: Execution) => status === 'waiting';
		const { id } = await client.waitForExecution({ workflowId: shop.id, until });
		const { status } = await fetch(`${n8n.url}/webhook-waiting/${id}`);
		saw(
			'n8n’s own Wait node, called by the number of the execution alone',
			status === 200 ? 'goes on' : `refused (${status})`,
		);
	});
}
