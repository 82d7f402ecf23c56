import fetch from 'node-fetch';

import { SANDBOX_ACCOUNTS } from '../../sandbox';
import { credentialFor, makePayment } from './harness';
import { useTriggers } from './triggerStage';
import type { WebhookServer, WebhookServerOptions } from './webhookServer';

const { stage, listen, paid } = useTriggers();

const statusOf = async (server: WebhookServer, ref: string) =>
	(await fetch(`${server.url}?payment_ref=${ref}`)).status;

describe('what only the owner can mend', () => {
	it.each<[string, () => Partial<WebhookServerOptions>, string, string]>([
		[
			'a refused key',
			() => ({ credential: credentialFor(stage.sandbox, { apiKey: 'org:wrong' }) }),
			'Konnect does not accept the API key',
			'Invalid Api Key',
		],
		[
			'a credential that is gone',
			() => ({ credential: undefined }),
			'The credential cannot be read',
			'does not exist',
		],
		[
			'a setting that gives nothing',
			() => ({ parameters: { events: '={{ undefined }}' } }),
			"'Trigger On' is empty",
			'Where the field is an expression',
		],
		[
			'a setting that cannot be evaluated',
			() => ({ parameters: { events: "={{ $('No such node').first().json.events }}" } }),
			'The settings of the node cannot be read',
			"Referenced node doesn't exist",
		],
	])(
		'is a failed execution, once for many calls, and a warning: %s',
		async (_name, world, message, description) => {
			const server = await listen(world());
			const ref = await paid();
			for (let time = 0; time < 5; time++) expect(await statusOf(server, ref)).toBe(502);
			expect(server.failures.map((failure) => failure.message)).toEqual([
				expect.stringContaining(message),
			]);
			expect(server.failures[0]?.description).toContain(description);
			expect(server.failures[0]?.description).not.toContain('more calls');
			const warnings = server.log.filter((line) => line.startsWith('warn: Konnect Trigger: 502 '));
			expect(warnings).toHaveLength(5);
			expect(server.executions).toEqual([]);
		},
	);

	it('is told again ten minutes later, with how many calls have met it meanwhile', async () => {
		const credential = credentialFor(stage.sandbox, { apiKey: 'org:wrong' });
		const server = await listen({ credential });
		const ref = await paid();
		for (let time = 0; time < 3; time++) await statusOf(server, ref);
		const now = performance.now.bind(performance);
		const later = jest.spyOn(performance, 'now').mockImplementation(() => now() + 10 * 60_000);
		try {
			await statusOf(server, ref);
		} finally {
			later.mockRestore();
		}
		expect(server.failures).toHaveLength(2);
		expect(server.failures[1]?.description).toContain(
			'2 more calls have met the same since you were last told',
		);
	});

	it('is told anew where it is another thing', async () => {
		const options: WebhookServerOptions = {
			credential: credentialFor(stage.sandbox, { apiKey: 'org:wrong' }),
		};
		const server = await listen(options);
		const ref = await paid();
		await statusOf(server, ref);
		options.credential = undefined;
		await statusOf(server, ref);
		expect(server.failures.map(({ message }) => message)).toEqual([
			'Konnect does not accept the API key',
			'The credential cannot be read',
		]);
	});

	it.each<[string, Error]>([
		[
			'that is busy',
			// What `pg` throws when all its connections are in use for too long.
			new Error('timeout exceeded when trying to connect'),
		],
		['whose answer does not come', new Error('Query read timeout')],
		['that has ended the query', new Error('the query timed out')],
		['that is away', Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })],
		['that refuses a query', Object.assign(new Error('SQLITE_BUSY'), { name: 'QueryFailedError' })],
	])("is not a database of n8n's %s: the call is repeated", async (_name, error) => {
		const options: WebhookServerOptions = {
			credential: error,
			parameters: { options: { timeout: 1 } },
		};
		const server = await listen(options);
		const ref = await paid();
		expect([await statusOf(server, ref), await statusOf(server, ref)]).toEqual([503, 503]);
		expect(server.failures).toEqual([]);
		options.credential = credentialFor(stage.sandbox);
		expect(await statusOf(server, ref)).toBe(200);
		expect(server.executions).toHaveLength(1);
	});

	it('is a paid payment that was refused: answered as ever, and told', async () => {
		stage.sandbox.setShape('documented');
		const server = await listen({});
		const ref = await paid();
		stage.sandbox.update(ref, { receiverWallet: { id: SANDBOX_ACCOUNTS.other.walletId } });
		expect([await statusOf(server, ref), await statusOf(server, ref)]).toEqual([200, 200]);
		expect(server.failures).toEqual([
			expect.objectContaining({
				message: expect.stringContaining(`The paid payment ${ref}`),
				description: expect.stringMatching(/^Somebody has paid, but not what .* dashboard\.$/),
			}),
		]);
	});

	it('is no payment of another that nobody has paid', async () => {
		stage.sandbox.setShape('documented');
		const server = await listen({});
		const ref = await makePayment(stage.sandbox);
		stage.sandbox.expire(ref);
		stage.sandbox.update(ref, { receiverWallet: { id: SANDBOX_ACCOUNTS.other.walletId } });
		expect(await statusOf(server, ref)).toBe(200);
		expect(server.failures).toEqual([]);
		expect(server.log).toEqual([expect.stringMatching(/^Konnect Trigger: 200 ignored: /)]);
	});

	it('is nothing about a payment that was taken', async () => {
		const server = await listen({});
		const ref = await paid();
		for (let time = 0; time < 2; time++) await statusOf(server, ref);
		expect(server.log).toEqual([
			`Konnect Trigger: 200 accepted: ${ref}:paid`,
			expect.stringContaining(`Konnect Trigger: 200 duplicate: ${ref}:paid`),
		]);
	});

	it('is not told to somebody who sits before a test', async () => {
		const credential = credentialFor(stage.sandbox, { apiKey: 'org:wrong' });
		const server = await listen({ credential, mode: 'manual' });
		expect(await statusOf(server, await paid())).toBe(502);
		expect(server.failures).toEqual([]);
	});

	it('is nothing that a stranger can send', async () => {
		const server = await listen({ parameters: { options: { timeout: 1 } } });
		for (const query of ['', '?payment_ref=1', `?payment_ref=${'0'.repeat(24)}`]) {
			await fetch(`${server.url}${query}`);
		}
		stage.sandbox.setFaults({ status: 403, html: true, match: 'get' });
		await statusOf(server, await paid());
		expect(server.failures).toEqual([]);
	});
});
