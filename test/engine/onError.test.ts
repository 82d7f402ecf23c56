import type { INode, INodeParameters } from 'n8n-workflow';
import { createRunExecutionData } from 'n8n-workflow';

import { SANDBOX_ACCOUNTS } from '../../sandbox';
import {
	callTool,
	credentialFor,
	madeOrders,
	makeOrders,
	makePayment,
	nodeOf,
	onceForEach,
	runNode,
	runOn,
	sandbox,
	useSandbox,
	type RunOptions,
} from './harness';

useSandbox();

const five = (settings: Partial<INode>, concurrency = 1, prices: unknown[] = [1, 2, 3, 4, 5]) =>
	makeOrders(prices, concurrency, { settings: { waitBetweenTries: 0, ...settings } });

/** Five items, of which the third has an amount that cannot be used. */
const oneBad = (onError: INode['onError'], concurrency = 5) =>
	five({ onError }, concurrency, [1, 2, 'three', 4, 5]);

const ALL = ['O-0', 'O-1', 'O-2', 'O-3', 'O-4'];
const without = (order: string) => ALL.filter((other) => other !== order);

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
			{ items: [1, 'three'].map((price) => ({ json: { price } as never })) },
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
		// An older n8n keeps an item with any other key out of the error output.
		expect(Object.keys(output[2]?.json ?? {})).toEqual(['error', 'message']);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2, 3, 4].map((item) => ({ item })),
		);
	});

	it('comes out of the error output, with what it came in with', async () => {
		const { output, errorOutput } = await oneBad('continueErrorOutput');
		expect(output.map(({ json }) => json.orderId)).toEqual(without('O-2'));
		expect(errorOutput).toMatchObject([
			{
				json: { order: 'O-2', error: expect.stringContaining("'Amount' cannot be used") },
				pairedItem: { item: 2 },
			},
		]);
	});
});

const NO_ID =
	"A payment id has 24 characters, each 0-9 or a-f, such as 6911c8a763c10de262b88c7c. A pay link works too, if it has 'payment_ref=' in it.";

describe('one item among others', () => {
	const get = (
		refs: string[],
		onError: INode['onError'],
		concurrency: number,
		paymentId = '={{ $json.ref }}',
	) =>
		runNode(
			{ operation: 'getPayment', paymentId, options: { concurrency } },
			{ items: refs.map((ref) => ({ json: { ref } })), settings: { onError } },
		);

	it.each([
		['where nothing was done that cannot be undone', 1],
		['where it has others stand down', 2],
	])('that is refused is the only one that the error names, %s', async (_where, concurrency) => {
		const ref = await makePayment();
		if (concurrency > 1) sandbox.setFaults({ status: 503, match: 'get' });
		const { error } = await get([ref, 'nonsense'], 'stopWorkflow', concurrency);
		expect(error?.message).toContain("'Payment ID'");
		expect(error?.description).toBe(NO_ID);
	});

	it('that n8n itself cannot evaluate fails by itself', async () => {
		const refs = [await makePayment(), 'bad'];
		const paymentId = "={{ $json.ref === 'bad' ? $('No such node').first().json.ref : $json.ref }}";
		const { output } = await get(refs, 'continueRegularOutput', 2, paymentId);
		expect(output).toMatchObject([
			{ json: { paymentId: refs[0] }, pairedItem: { item: 0 } },
			{ json: { error: "Referenced node doesn't exist" }, pairedItem: { item: 1 } },
		]);
		const { error } = await get(refs, 'stopWorkflow', 2, paymentId);
		expect(error?.context).toMatchObject({ itemIndex: 1 });
	});
});

describe('what makes it impossible to work on any item', () => {
	const concurrency = (value: unknown) => ({ options: { concurrency: value } }) as INodeParameters;
	const UNREADABLE = 'The credential cannot be read';

	it.each<[string, string, INodeParameters, RunOptions['credential']?]>([
		['a credential that is gone', UNREADABLE, {}, null],
		['a key that is refused', "'API Key'", {}, { environment: 'sandbox', apiKey: 'nocolon' }],
		['a setting that is no whole number', "'Items at Once'", concurrency(1.5)],
		['a setting that gives nothing', "'Items at Once'", concurrency('={{ $json.no.such }}')],
		['a setting that fails', "'Items at Once'", concurrency("={{ $('None').first().json.n }}")],
	])(
		'fails each item by itself, and puts out nothing of the input as a result: %s',
		async (_name, message, parameters, credential = credentialFor()) => {
			const run = async (onError: INode['onError']) =>
				await runNode(
					{ operation: 'getPayment', paymentId: 'a'.repeat(24), ...parameters },
					{
						credential,
						items: [1, 2].map((row) => ({ json: { row, state: 'paid', matches: true } })),
						settings: { onError },
					},
				);
			const failed = { error: expect.stringContaining(message) };
			const { output } = await run('continueRegularOutput');
			expect(output).toMatchObject([{ json: failed }, { json: failed }]);
			for (const { json } of output) expect(json.state).toBeUndefined();
			expect(await run('continueErrorOutput')).toMatchObject({
				output: [],
				errorOutput: [{ json: failed }, { json: failed }],
			});
		},
	);
});

describe('a payment of its own is made', () => {
	const parameters = { operation: 'initPayment', amount: 1, notify: 'none' };

	it('by each run of the node, as in a loop', async () => {
		const node = nodeOf('konnect', parameters);
		const entry = {
			node,
			data: { main: [[{ json: {} }]] },
			source: { main: [{ previousNode: 'Start' }] },
		};
		const twice = { nodeExecutionStack: [entry, { ...entry }] };
		await runOn(node, createRunExecutionData({ executionData: twice }));
		expect(sandbox.payments()).toHaveLength(2);
	});

	it('by each call of the tool, though n8n gives calls of several agents’ items the same number', async () => {
		const node = nodeOf('konnect', parameters, { type: 'n8n-nodes-konnect.konnectTool' });
		const data = createRunExecutionData();
		await callTool(node, data, 0);
		await callTool(node, data, 0);
		expect(sandbox.payments()).toHaveLength(2);
	});
});

describe('a credential', () => {
	it('has expressions that count for each item', async () => {
		const { merchant, other } = SANDBOX_ACCOUNTS;
		await makeOrders([1, 2], 1, {
			credentialOf: (item) => {
				const { apiKey, walletId } = item === 0 ? merchant : other;
				return credentialFor({ apiKey, walletId });
			},
		});
		expect(sandbox.payments().map(({ request }) => request.receiverWalletId)).toEqual([
			merchant.walletId,
			other.walletId,
		]);
	});

	it('is not needed at the next try for a payment that is made', async () => {
		const credentialOf = (item: number) => (item === 0 ? once(item) : credentialFor());
		const once = onceForEach();
		sandbox.setFaults({ status: 500, skip: 1, times: 1, match: 'init' });
		const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 };
		const { output } = await makeOrders([1, 2], 1, { credentialOf, settings });
		expect(output.map(({ json }) => json.orderId)).toEqual(['O-0', 'O-1']);
	});
});

describe('a Konnect that fails the third of five payments once', () => {
	beforeEach(() => sandbox.setFaults({ status: 500, skip: 2, times: 1, match: 'init' }));

	it.each<[INode['onError'], boolean, string[]]>([
		['stopWorkflow', false, ['O-0', 'O-1']],
		['stopWorkflow', true, ALL],
		['continueRegularOutput', false, without('O-2')],
		['continueRegularOutput', true, without('O-2')],
		['continueErrorOutput', false, without('O-2')],
		['continueErrorOutput', true, without('O-2')],
	])('makes none twice with %s, Retry On Fail %s', async (onError, retryOnFail, made) => {
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

	it('makes none twice, whatever the expressions give at the next try', async () => {
		const { output } = await runNode(
			{
				operation: 'initPayment',
				amount: 1,
				notify: 'none',
				additionalFields: { orderId: '={{ $json.row + "-" + Math.random() }}' },
				options: { concurrency: 1 },
			},
			{
				items: [1, 2, 3].map((row) => ({ json: { row } })),
				settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 },
			},
		);
		expect(madeOrders().map((order) => order?.[0])).toEqual(['1', '2', '3']);
		expect(output.map(({ json }) => json.orderId)).toEqual(madeOrders());
	});
});

describe('a connection lost after a payment was asked for', () => {
	beforeEach(() => sandbox.setFaults({ cut: 'after', skip: 2, times: 1, match: 'init' }));

	it('makes Retry On Fail ask again, with a hint about the payment whose link nobody has', async () => {
		const { error, hints } = await five({ retryOnFail: true, maxTries: 3 });
		expect(error).toBeUndefined();
		expect(madeOrders()).toEqual(['O-0', 'O-1', 'O-2', 'O-2', 'O-3', 'O-4']);
		expect(hints.map(({ message }) => message)).toEqual([
			expect.stringMatching(/^Item 2: .*a payment may have been made; nobody has its link/),
		]);
	});

	it('is named in the error of the last try, whatever made that try fail', async () => {
		sandbox.setFaults({ cut: 'after', skip: 2, times: 3, match: 'init' });
		const { error } = await five({ retryOnFail: true, maxTries: 3 });
		expect(error?.message).toContain('a payment may have been made');
		expect(error?.description).toContain('nobody has its link');
		expect(madeOrders()).toEqual(['O-0', 'O-1', 'O-2', 'O-2', 'O-2']);
	});
});

it('a payment in doubt is named though the last try fails before it asks Konnect', async () => {
	sandbox.setFaults({ cut: 'after', times: 1, match: 'init' });
	const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 };
	const { error } = await makeOrders([1], 1, { credentialOf: onceForEach(), settings });
	expect(error?.message).toBe('The credential cannot be read');
	expect(error?.description).toContain('nobody has its link');
});

describe('several items that fail together', () => {
	it('are all named, because nobody knows what became of them', async () => {
		sandbox.setFaults({ cut: 'after', latency: 50, match: 'init' });
		const { error } = await five({}, 3);
		const told = `${error?.message} ${error?.description}`;
		expect(madeOrders().sort()).toEqual(['O-0', 'O-1', 'O-2']);
		for (const order of madeOrders()) expect(told).toContain(`order "${order}"`);
	});

	it('are named once if their errors say the same', async () => {
		sandbox.setFaults({ status: 401, latency: 50, match: 'init' });
		const { error } = await five({}, 5);
		expect(sandbox.requests).toHaveLength(5);
		expect(error?.description).not.toContain('failed too');
	});
});

describe('many items', () => {
	it('are worked on no more at once than was asked for, and come out in order', async () => {
		let most = 0;
		const watch = setInterval(() => {
			const inFlight = sandbox.requests.filter(({ status }) => status === 0).length;
			most = Math.max(most, inFlight);
		}, 1);
		sandbox.setFaults({ latency: 30 });
		const { output } = await makeOrders(Array(24).fill(1), 6);
		clearInterval(watch);
		expect(output.map(({ json }) => json.orderId)).toEqual(
			Array.from({ length: 24 }, (_, index) => `O-${index}`),
		);
		expect(most).toBeLessThanOrEqual(6);
		expect(most).toBeGreaterThan(1);
	});
});
