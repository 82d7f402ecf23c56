import type { INode } from 'n8n-workflow';

import { SANDBOX_ACCOUNTS } from '../../sandbox';
import { call } from './callServer';
import { credentialFor, makePayment, sandbox } from './harness';
import { listen, makePaid, useTriggers } from './triggerStage';
import type { WebhookServer } from './webhookServer';

useTriggers();

const wrongKey = () => credentialFor({ apiKey: 'org:wrong' });

const statusOf = async (server: WebhookServer, ref: string) =>
	(await call(`${server.url}?payment_ref=${ref}`)).status;

const callTimes = async (times: number, { url }: WebhookServer, ref: string) =>
	await Promise.all(Array.from({ length: times }, () => call(`${url}?payment_ref=${ref}`)));

describe('what only the owner can fix', () => {
	it.each<[message: string, description: string, ...Parameters<typeof listen>]>([
		['Konnect does not accept the API key', 'Invalid Api Key', {}, { credential: wrongKey }],
		['The credential cannot be read', 'does not exist', {}, { credential: () => null }],
		["'Trigger On' is empty", 'the field is an expression', { events: '={{ undefined }}' }],
		[
			'The settings of the node cannot be read',
			"Referenced node doesn't exist",
			{ events: "={{ $('No such node').first().json.events }}" },
		],
	])(
		'is a failed execution, once for many calls, and a warning: %s',
		async (message, description, ...world) => {
			const server = await listen(...world);
			for (const { status, text } of await callTimes(5, server, await makePaid())) {
				expect(status).toBe(502);
				expect(text).not.toContain(message);
			}
			expect(server.failures.map((failure) => failure.message)).toEqual([
				expect.stringContaining(message),
			]);
			expect(server.failures[0]?.description).toContain(description);
			expect(server.failures[0]?.description).not.toContain('since you were last told');
			const warnings = server.log.filter((line) => line.startsWith('warn: Konnect Trigger: 502 '));
			expect(warnings).toHaveLength(5);
			expect(server.log.join()).not.toContain('org:wrong');
			expect(server.executions).toEqual([]);
		},
	);

	it.each<Partial<INode>>([
		{ onError: 'continueRegularOutput' },
		{ onError: 'continueErrorOutput' },
		{ continueOnFail: true },
	])(
		'is only a warning with %j: n8n would start the workflow with an empty item',
		async (settings) => {
			const server = await listen({}, { credential: wrongKey, settings });
			expect(await statusOf(server, await makePaid())).toBe(502);
			expect(server.failures).toEqual([]);
			expect(server.log).toEqual([expect.stringMatching(/^warn: .* does not accept the API key/)]);
		},
	);

	it('is told again ten minutes later, with how many calls have met it meanwhile, and at once if it is another problem', async () => {
		let credential: ReturnType<typeof wrongKey> | null = wrongKey();
		const server = await listen({}, { credential: () => credential });
		const ref = await makePaid();
		await callTimes(3, server, ref);
		const now = performance.now.bind(performance);
		const later = jest.spyOn(performance, 'now').mockImplementation(() => now() + 10 * 60_000);
		try {
			await statusOf(server, ref);
			credential = null;
			await statusOf(server, ref);
		} finally {
			later.mockRestore();
		}
		expect(server.failures.map(({ message }) => message)).toEqual([
			'Konnect does not accept the API key',
			'Konnect does not accept the API key',
			'The credential cannot be read',
		]);
		expect(server.failures[1]?.description).toContain(
			'Calls that have met the same since you were last told: 2',
		);
	});

	it.each<[string, Error]>([
		// What `pg` throws when all its connections are in use for too long.
		['that is busy', new Error('timeout exceeded when trying to connect')],
		['whose answer does not come', new Error('Query read timeout')],
		['that has ended the query', new Error('the query timed out')],
		['that is away', Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })],
		['that refuses a query', Object.assign(new Error('SQLITE_BUSY'), { name: 'QueryFailedError' })],
	])("is not a database of n8n's %s: the call is repeated", async (_name, error) => {
		let isAway = true;
		const credential = () => (isAway ? error : credentialFor());
		const server = await listen({ options: { timeout: 0.5 } }, { credential });
		const ref = await makePaid();
		for (const { status } of await callTimes(2, server, ref)) expect(status).toBe(503);
		expect(server.failures).toEqual([]);
		isAway = false;
		let status = 503;
		while (status === 503) status = await statusOf(server, ref);
		expect(status).toBe(200);
		expect(server.executions).toHaveLength(1);
	});

	it('is a paid payment that was refused, and no other: the call is answered as ever, and the owner told', async () => {
		sandbox.setShape('documented');
		const server = await listen();
		const [ref, unpaid] = [await makePaid(), await makePayment()];
		sandbox.expire(unpaid);
		for (const one of [ref, unpaid]) {
			sandbox.update(one, { receiverWallet: { id: SANDBOX_ACCOUNTS.other.walletId } });
		}
		expect(await statusOf(server, unpaid)).toBe(200);
		expect(server.log).toEqual([expect.stringMatching(/^Konnect Trigger: 200 ignored: /)]);
		for (const { status } of await callTimes(2, server, ref)) expect(status).toBe(200);
		expect(server.failures).toEqual([
			expect.objectContaining({
				message: expect.stringContaining(`The paid payment ${ref}`),
				description: expect.stringMatching(/^Somebody has paid, but not what .* dashboard\.$/),
			}),
		]);
	});

	it('is told by no failed execution while somebody listens for a test event', async () => {
		const server = await listen({}, { credential: wrongKey, mode: 'manual' });
		expect(await statusOf(server, await makePaid())).toBe(502);
		expect(server.failures).toEqual([]);
	});
});
