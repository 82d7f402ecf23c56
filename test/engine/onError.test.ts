import type { INode } from 'n8n-workflow';
import { createRunExecutionData } from 'n8n-workflow';

import { startSandbox, type Sandbox } from '../../sandbox';
import { credentialFor, makePayment, nodeUnderTest, runNode, runOn } from './harness';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

/** Orders O-0 to O-4, one after the other. */
const five = (settings: Partial<INode>, concurrency = 1, prices: unknown[] = [1, 2, 3, 4, 5]) =>
	runNode(
		{
			operation: 'initPayment',
			amount: '={{ $json.price }}',
			notify: 'none',
			additionalFields: { orderId: '={{ $json.order }}' },
			options: { concurrency },
		},
		{
			credential: credentialFor(sandbox),
			items: prices.map((price, index) => ({ json: { price, order: `O-${index}` } as never })),
			settings: { waitBetweenTries: 0, ...settings },
		},
	);

/** Of which the third has an amount that cannot be used. */
const oneBad = (onError: INode['onError'], concurrency = 5) =>
	five({ onError }, concurrency, [1, 2, 'three', 4, 5]);

const madeOrders = () => sandbox.payments().map(({ request }) => request.orderId);

describe('one bad item among five', () => {
	it('stops the execution, begins no further payment, and tells which were made', async () => {
		const { error, output } = await oneBad('stopWorkflow', 1);
		expect(error?.message).toContain("'Amount' cannot be used");
		expect(error?.context).toMatchObject({ itemIndex: 2 });
		expect(output).toEqual([]);
		expect(madeOrders()).toEqual(['O-0', 'O-1']);
		const [first, second] = sandbox.payments().map(({ ref }) => ref);
		expect(error?.description).toMatch(
			new RegExp(
				` Already done in this run, do not repeat it blindly: item 0: payment ${first} was made for order "O-0"; item 1: payment ${second} was made for order "O-1"\\.$`,
			),
		);
	});

	it('names the payments that were made without an order, too', async () => {
		const { error } = await runNode(
			{ operation: 'initPayment', amount: '={{ $json.price }}', notify: 'none' },
			{
				credential: credentialFor(sandbox),
				items: [1, 'three'].map((price) => ({ json: { price } as never })),
			},
		);
		const [payment] = sandbox.payments();
		expect(error?.description).toContain(`item 0: payment ${payment?.ref} was made.`);
	});

	it('comes out in its place among the others where the node goes on', async () => {
		const { error, output } = await oneBad('continueRegularOutput');
		expect(error).toBeUndefined();
		expect(output.map(({ json }) => json.orderId ?? json.error)).toEqual([
			'O-0',
			'O-1',
			expect.stringContaining("'Amount' cannot be used"),
			'O-3',
			'O-4',
		]);
		expect(output[2]?.json.message).toContain('Use digits only');
		// Any further key keeps an item out of the error output of an older n8n.
		expect(Object.keys(output[2]?.json ?? {})).toEqual(['error', 'message']);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2, 3, 4].map((item) => ({ item })),
		);
	});

	it('comes out of the error output, with what it came in with', async () => {
		const { output, errorOutput } = await oneBad('continueErrorOutput');
		expect(output.map(({ json }) => json.orderId)).toEqual(['O-0', 'O-1', 'O-3', 'O-4']);
		expect(errorOutput).toEqual([
			expect.objectContaining({
				json: expect.objectContaining({
					order: 'O-2',
					error: expect.stringContaining("'Amount' cannot be used"),
				}),
				pairedItem: { item: 2 },
			}),
		]);
	});
});

const NO_ID =
	"A payment id has 24 characters, each 0-9 or a-f, such as 6911c8a763c10de262b88c7c. A pay link works too, if it has 'payment_ref=' in it.";

describe('one item among others', () => {
	const get = (refs: string[], paymentId: string, concurrency: number, onError: INode['onError']) =>
		runNode(
			{ operation: 'getPayment', paymentId, options: { concurrency } },
			{
				credential: credentialFor(sandbox),
				items: refs.map((ref) => ({ json: { ref } })),
				settings: { onError },
			},
		);

	it('that is refused ends with its own words where nothing was done that cannot be undone', async () => {
		const { error } = await get(
			[await makePayment(sandbox), 'nonsense'],
			'={{ $json.ref }}',
			1,
			'stopWorkflow',
		);
		expect(error?.message).toContain("'Payment ID'");
		expect(error?.description).toBe(NO_ID);
	});

	it('that is refused is the only one to be told of, where it has others stand down', async () => {
		const ref = await makePayment(sandbox);
		sandbox.setFaults({ status: 503, match: 'get' });
		const { error } = await get([ref, 'nonsense'], '={{ $json.ref }}', 2, 'stopWorkflow');
		expect(error?.message).toContain("'Payment ID'");
		expect(error?.description).toBe(NO_ID);
	});

	it('that n8n itself cannot evaluate fails by itself', async () => {
		const ref = await makePayment(sandbox);
		const paymentId = "={{ $json.ref === 'bad' ? $('No such node').first().json.ref : $json.ref }}";
		const { output } = await get([ref, 'bad'], paymentId, 2, 'continueRegularOutput');
		expect(output).toMatchObject([
			{ json: { paymentId: ref }, pairedItem: { item: 0 } },
			{ json: { error: "Referenced node doesn't exist" }, pairedItem: { item: 1 } },
		]);
		const { error } = await get([ref, 'bad'], paymentId, 2, 'stopWorkflow');
		expect(error?.context).toMatchObject({ itemIndex: 1 });
	});
});

describe('a credential that cannot be read', () => {
	it.each(['continueErrorOutput', 'continueRegularOutput'] as const)(
		'lets nothing out as if it were ours: %s',
		async (onError) => {
			const { output, errorOutput } = await runNode(
				{ operation: 'getPayment', paymentId: 'a'.repeat(24) },
				{
					credential: undefined,
					items: [{ json: { state: 'paid', matches: true } }],
					settings: { onError },
				},
			);
			const items = onError === 'continueErrorOutput' ? errorOutput : output;
			expect(items[0]?.json.error).toBe('The credential cannot be read');
			if (onError === 'continueErrorOutput') expect(output).toEqual([]);
			else expect(output[0]?.json.state).toBeUndefined();
		},
	);

	it.each([
		['is no whole number', 1.5],
		['gives nothing', '={{ $json.no.such }}'],
		['cannot be evaluated', "={{ $('No such node').first().json.count }}"],
	])('is like a setting for all items that %s', async (_name, concurrency) => {
		const { output, errorOutput } = await runNode(
			{
				operation: 'getPayment',
				paymentId: 'a'.repeat(24),
				options: { concurrency },
			},
			{
				credential: credentialFor(sandbox),
				items: [{ json: { state: 'paid' } }],
				settings: { onError: 'continueErrorOutput' },
			},
		);
		expect(output).toEqual([]);
		expect(errorOutput[0]?.json.error).toContain("'Items at Once'");
	});
});

describe('an item whose payment is made', () => {
	it('is not made again by Retry On Fail, whatever its expressions give then', async () => {
		sandbox.setFaults({ status: 500, skip: 1, times: 1, match: 'init' });
		const { output } = await runNode(
			{
				operation: 'initPayment',
				amount: '={{ $json.price }}',
				notify: 'none',
				additionalFields: { orderId: '={{ $json.price + "-" + Math.random() }}' },
				options: { concurrency: 1 },
			},
			{
				credential: credentialFor(sandbox),
				items: [1, 2].map((price) => ({ json: { price } })),
				settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 },
			},
		);
		expect(madeOrders().map((order) => order?.[0])).toEqual(['1', '2']);
		expect(output.map(({ json }) => json.orderId)).toEqual(madeOrders());
	});
});

describe('what was made before', () => {
	/** Runs the node where its memory has a payment, in its second run of the execution if that is wanted. */
	async function runAfter(made: { execution: string; run: number }, isSecondRun: boolean) {
		const parameters = { operation: 'initPayment', amount: 1, notify: 'none' } as const;
		const node = await nodeUnderTest(parameters);
		const first = await runNode(parameters, { credential: credentialFor(sandbox) });
		const runData = isSecondRun ? first.run.data.resultData.runData : {};
		const start = first.run.data.resultData.runData.Start?.[0]?.data ?? {};
		const { output } = await runOn(
			node,
			credentialFor(sandbox),
			createRunExecutionData({
				resultData: { runData },
				executionData: {
					nodeExecutionStack: [
						{ node, data: start, source: { main: [{ previousNode: 'Start' }] } },
					],
					contextData: {
						'node:Under Test': {
							made: { ...made, items: { 0: { output: { paymentRef: 'old' } } } },
						},
					},
				},
			}),
		);
		return output[0]?.json.paymentRef;
	}

	it('by this run is put out again', async () => {
		expect(await runAfter({ execution: '1', run: 0 }, false)).toBe('old');
	});

	it('by an earlier run of the node, as in a loop, is none of this run’s', async () => {
		expect(await runAfter({ execution: '1', run: 0 }, true)).toBe(sandbox.payments()[1]?.ref);
	});

	it('by another execution, of which this is n8n’s Retry, is none of this one’s', async () => {
		expect(await runAfter({ execution: '0', run: 0 }, false)).toBe(sandbox.payments()[1]?.ref);
	});
});

describe('a key that is refused', () => {
	it('fails each item by itself where the node goes on', async () => {
		const { output } = await runNode(
			{ operation: 'getPayment', paymentId: 'a'.repeat(24) },
			{
				credential: credentialFor(sandbox, { apiKey: 'nocolon' }),
				items: [{ json: {} }, { json: {} }],
				settings: { onError: 'continueRegularOutput' },
			},
		);
		expect(output).toHaveLength(2);
		for (const { json } of output) expect(json.error).toContain("'API Key'");
	});
});

const ALL = ['O-0', 'O-1', 'O-2', 'O-3', 'O-4'];
const without = (order: string) => ALL.filter((other) => other !== order);

describe('a Konnect that fails the third of five payments once', () => {
	const failThird = () => sandbox.setFaults({ status: 500, skip: 2, times: 1, match: 'init' });

	it.each<[INode['onError'], boolean, string[]]>([
		['stopWorkflow', false, ['O-0', 'O-1']],
		['stopWorkflow', true, ALL],
		['continueRegularOutput', false, without('O-2')],
		['continueRegularOutput', true, without('O-2')],
		['continueErrorOutput', false, without('O-2')],
		['continueErrorOutput', true, without('O-2')],
	])('makes none twice with %s, Retry On Fail %s', async (onError, retryOnFail, made) => {
		failThird();
		const { output, errorOutput, error } = await five({ onError, retryOnFail, maxTries: 3 });
		expect(madeOrders()).toEqual(made);
		const isStopped = onError === 'stopWorkflow' && !retryOnFail;
		expect(error?.description).toEqual(
			isStopped ? expect.stringContaining('was made for order "O-1"') : undefined,
		);
		const good = output.map(({ json }) => json.orderId).filter((order) => order !== undefined);
		expect(good).toEqual(isStopped ? [] : made);
		const failed = [...output, ...errorOutput].filter(({ json }) => json.error);
		expect(failed.map(({ pairedItem }) => pairedItem)).toEqual(
			onError === 'stopWorkflow' ? [] : [{ item: 2 }],
		);
	});

	it.each<INode['onError']>(['continueRegularOutput', 'continueErrorOutput'])(
		'makes none twice where n8n tries again because the first item failed: %s',
		async (onError) => {
			sandbox.setFaults({ status: 500, times: 1, match: 'init' });
			const { output } = await five({ onError, retryOnFail: true });
			expect(madeOrders().sort()).toEqual(ALL);
			expect(output.map(({ json }) => json.orderId)).toEqual(ALL);
		},
	);
});

describe('a connection lost after a payment was asked for', () => {
	beforeEach(() => sandbox.setFaults({ cut: 'after', skip: 2, times: 1, match: 'init' }));

	it('is asked for again by Retry On Fail, which was asked for, with a word about the one that nobody has seen', async () => {
		const { error, hints } = await five({ retryOnFail: true, maxTries: 3 });
		expect(error).toBeUndefined();
		expect(madeOrders()).toEqual(['O-0', 'O-1', 'O-2', 'O-2', 'O-3', 'O-4']);
		expect(hints.map(({ message }) => message)).toEqual([
			expect.stringMatching(/^Item 2: .*a payment may have been made; nobody has its link/),
		]);
	});

	it('is named by the error of the last try, whatever that one failed of', async () => {
		sandbox.setFaults({ cut: 'after', skip: 2, times: 3, match: 'init' });
		const { error } = await five({ retryOnFail: true, maxTries: 3 });
		expect(error?.message).toContain('a payment may have been made');
		expect(error?.description).toContain('nobody has its link');
		expect(madeOrders()).toEqual(['O-0', 'O-1', 'O-2', 'O-2', 'O-2']);
	});
});

describe('several items that fail together', () => {
	it('are all told of, for nobody knows what became of them', async () => {
		sandbox.setFaults({ cut: 'after', latency: 50, match: 'init' });
		const { error } = await five({}, 3);
		const told = `${error?.message} ${error?.description}`;
		expect(madeOrders().sort()).toEqual(['O-0', 'O-1', 'O-2']);
		for (const order of madeOrders()) expect(told).toContain(`order "${order}"`);
	});

	it('are told of once where they say the same', async () => {
		sandbox.setFaults({ status: 401, latency: 50, match: 'init' });
		const { error } = await five({}, 5);
		expect(sandbox.requests).toHaveLength(5);
		expect(error?.description).not.toContain('failed too');
	});
});

describe('many items', () => {
	it('are worked on no more at once than was asked for, and come out in order', async () => {
		let inFlight = 0;
		let most = 0;
		const seen = new Set<object>();
		const watch = setInterval(() => {
			inFlight = sandbox.requests.filter((request) => request.status === 0).length;
			most = Math.max(most, inFlight);
			sandbox.requests.forEach((request) => seen.add(request));
		}, 1);
		sandbox.setFaults({ latency: 30 });
		const items = Array.from({ length: 24 }, (_, order) => ({ json: { order } }));
		const { output } = await runNode(
			{
				operation: 'initPayment',
				amount: 1,
				notify: 'none',
				additionalFields: { orderId: '={{ $json.order }}' },
				options: { concurrency: 6 },
			},
			{ credential: credentialFor(sandbox), items },
		);
		clearInterval(watch);
		expect(output.map(({ json }) => json.orderId)).toEqual(
			items.map(({ json }) => `${json.order}`),
		);
		expect(most).toBeLessThanOrEqual(6);
		expect(most).toBeGreaterThan(1);
	});
});
