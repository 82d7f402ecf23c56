import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import { getGlobalState, setGlobalState } from 'n8n-workflow';

import { SANDBOX_ACCOUNTS } from '../../sandbox';
import { call as callServer } from './callServer';
import {
	credentialFor,
	loader,
	onceForEach,
	runNode,
	sandbox,
	useSandbox,
	type RunOptions,
	type RunResult,
} from './harness';
import { startWaiting, type WaitingExecution, type WaitingOptions } from './waitingExecution';

const MINUTE = 60_000;

useSandbox();

/** What Init Payment has left in the execution's context. */
let flow: IDataObject = {};
const open: WaitingExecution[] = [];

beforeEach(() => {
	flow = {};
});
afterEach(async () => {
	for (const waiting of open.splice(0)) await waiting.close();
});

/** Makes a payment as Init Payment does in the same execution. */
async function newPayment(additionalFields: INodeParameters = {}): Promise<string> {
	const { output, run } = await runNode(
		{ operation: 'initPayment', amount: 12.5, notify: 'execution', additionalFields },
		{ flow },
	);
	flow = structuredClone(run.data.executionData?.contextData.flow as IDataObject);
	return String(output[0]?.json.paymentRef);
}

const newPayments = async (count: number) => {
	const refs: string[] = [];
	while (refs.length < count) refs.push(await newPayment());
	return refs;
};

const parametersOf = (changes: INodeParameters = {}): INodeParameters => ({
	operation: 'waitForPayment',
	paymentId: '={{ $json.ref }}',
	...changes,
});

/** Runs the node with these inputs, without serving the address that would resume it. */
const runWith = async (inputs: IDataObject[], options: RunOptions = {}, parameters = {}) =>
	await runNode(parametersOf(parameters), { items: inputs.map((json) => ({ json })), ...options });

let nodes = 0;

async function waitFor(
	refs: unknown[],
	parameters: INodeParameters = {},
	options: Partial<WaitingOptions> = {},
) {
	const waiting = await startWaiting(parametersOf(parameters), {
		flow,
		items: refs.map((ref, index) => ({ json: { ref, row: index } as never })),
		...options,
		// A new node each time, so that no two share memory.
		settings: { id: `wait-${++nodes}`, ...options.settings },
	});
	open.push(waiting);
	return waiting;
}

async function waitForOne(...options: [INodeParameters?, Partial<WaitingOptions>?]) {
	const ref = await newPayment();
	return { ref, waiting: await waitFor([ref], ...options) };
}

const call = async ({ url }: WaitingExecution, query: string, headers = {}) =>
	await callServer(`${url}?${query}`, headers);

const callFor = async (waiting: WaitingExecution, ref: string | undefined) =>
	await call(waiting, `signature=token&payment_ref=${ref}`);

/** Expects the execution to wait for this many minutes from now on. */
const expectWait = ({ parked: { run } }: WaitingExecution, minutes: number) => {
	const left = (Number(run.waitTill) - Date.now()) / MINUTE;
	expect(run.status).toBe('waiting');
	expect(left).toBeGreaterThan(minutes - 0.4);
	expect(left).toBeLessThanOrEqual(minutes);
};

/** Resolves when Konnect was asked so many times. */
async function asked(times: number): Promise<void> {
	while (sandbox.requests.filter(({ method }) => method === 'GET').length < times) {
		await new Promise((resolve) => setImmediate(resolve));
	}
}

/** Files that an item carries. */
const binary = { invoice: { id: 'filesystem-v2:1/2', mimeType: 'application/pdf', data: 'x' } };

describe('a payment that is settled already', () => {
	it('is put out at once with its files, whomever Konnect has called for it, and nothing waits', async () => {
		const ref = await newPayment();
		await sandbox.pay(ref);
		sandbox.update(ref, { webhook: 'https://n8n.example/webhook/x/konnect' });
		const { run, output } = await runNode(parametersOf(), { items: [{ json: { ref }, binary }] });
		expect(run.waitTill).toBeUndefined();
		expect(output).toMatchObject([
			{ json: { paymentId: ref, state: 'paid', timedOut: false }, pairedItem: { item: 0 }, binary },
		]);
		expect(output[0]?.json).not.toHaveProperty('input');
	});
});

describe('an open payment', () => {
	it('puts the execution to wait, until two minutes after its lifespan, as a hint says', async () => {
		const waiting = await waitFor([await newPayment({ lifespan: 30 })]);
		expectWait(waiting, 32);
		const [hint] = waiting.parked.hints;
		expect(hint).toMatchObject({ location: 'outputPane' });
		expect(hint?.message).toMatch(
			/^Waits for the payment until \d+ \w+ \d{4} at \d\d:\d\d \([\w/]+\)\.$/,
		);
	});

	it.each([
		['a day where its lifespan is Konnect’s own', {}, '', 24 * 60],
		['as many minutes as the user says', { lifespan: 30 }, 90, 90],
		['half a minute', { lifespan: 30 }, 0.5, 0.5],
	])('is waited for %s', async (_name, fields, timeoutMinutes, minutes) => {
		expectWait(await waitFor([await newPayment(fields)], { timeoutMinutes }), minutes);
	});

	it('is waited for from when Konnect has made it, however long Init Payment was held up before', async () => {
		sandbox.setFaults({ status: 429, retryAfter: 1, times: 1, match: 'init' });
		const ref = await newPayment({ lifespan: 30 });
		const { run } = (await waitFor([ref])).parked;
		const linkEnd = Number(sandbox.payment(ref)?.expiresAt);
		expect(Number(run.waitTill)).toBeGreaterThanOrEqual(linkEnd + 2 * MINUTE);
	});

	it('is waited for two minutes more where its lifespan is long over', async () => {
		const ref = await newPayment({ lifespan: 1 });
		flow = { konnectExpiries: { [ref]: Date.now() - MINUTE } };
		expectWait(await waitFor([ref]), 2);
	});

	it('is waited for as long as n8n’s own clock says, however wrong Konnect’s is', async () => {
		const ref = await newPayment({ lifespan: 10 });
		sandbox.update(ref, { createdAt: '2026-01-01T00:00:00.000Z' });
		expectWait(await waitFor([ref]), 12);
	});

	it('is waited for where n8n’s time zone is one that nobody knows', async () => {
		const { defaultTimezone } = getGlobalState();
		setGlobalState({ defaultTimezone: 'GMT+1' });
		const { parked } = await waitFor([await newPayment()]);
		setGlobalState({ defaultTimezone });
		expect(parked.run.status).toBe('waiting');
		expect(parked.hints[0]?.message).toMatch(/ \d+ \w+ \d{4} at \d\d:\d\d \(UTC\)\.$/);
	});

	it('has a hint, once, where nobody can know whom Konnect calls', async () => {
		const refs = await newPayments(2);
		for (const ref of refs) sandbox.update(ref, { webhook: '' });
		const { parked } = await waitFor(refs);
		expect(parked.hints[0]).toMatchObject({ location: 'outputPane' });
		expect(parked.hints.map(({ message }) => message)).toEqual([
			expect.stringContaining('does not say which webhook it calls'),
			expect.stringMatching(/^Waits for 2 payments until /),
			expect.stringMatching(/^A link can still be paid when this wait is over/),
		]);
	});

	const WAITING = 'http://127.0.0.1:5678/webhook-waiting';
	const BELOW = 'https://n8n.example/below/webhook-waiting/1/konnect?signature=x';
	const ELSEWHERE = 'https://x.example/webhook/x/konnect';
	const IN_VAIN = / would wait in vain\. Set 'Notify' of Init Payment /;
	const ANOTHER = /a retry, or a step run by itself.* with Get Payment, or run the whole workflow/;

	it.each([
		['elsewhere', ELSEWHERE, IN_VAIN],
		['another execution of this n8n', `${WAITING}/11/konnect`, ANOTHER],
		['another execution, with the last digits of this one’s', `${WAITING}/21/konnect`, ANOTHER],
	])('is refused where Konnect calls %s', async (_name, webhook, advice) => {
		const ref = await newPayment();
		sandbox.update(ref, { webhook });
		const { run, error } = await runWith([{ ref }]);
		expect(run.waitTill).toBeUndefined();
		expect(error?.message).toBe('Konnect does not call this execution');
		expect(error?.description).toMatch(advice);
		expect(error?.context).toMatchObject({ itemIndex: 0 });
	});

	it.each([
		['this execution, by another host and below a path', BELOW, false],
		['nobody knows whom', '', true],
	])('is waited for where Konnect calls %s', async (_name, webhook, isUnknown) => {
		const ref = await newPayment();
		sandbox.update(ref, { webhook });
		// What an item has under that name may be about something else.
		const { run, hints } = await runWith([{ ref, webhook: ELSEWHERE }]);
		expect(run.status).toBe('waiting');
		const isTold = hints.some(({ message }) => message.includes('does not say which'));
		expect(isTold).toBe(isUnknown);
	});

	it.each([
		[{ lifespan: 30 }, 10, /^A link can be paid for 20 minutes more .* 'Lifespan'/],
		[{ lifespan: 30 }, 29.5, /^A link can be paid for 1 minute more /],
		[{}, '', /^A link can still be paid when this wait is over.* 'Lifespan'/],
		[{ lifespan: 30 }, 31, undefined],
		[{ lifespan: 30 }, '', undefined],
	])('with %j, waited for %p minutes, has a hint where its link ends later', async (...given) => {
		const [fields, timeoutMinutes, hint] = given;
		const { parked } = await waitFor([await newPayment(fields)], { timeoutMinutes });
		const [, ofTheLink] = parked.hints;
		if (hint) expect(ofTheLink?.message).toMatch(hint);
		else expect(ofTheLink).toBeUndefined();
	});

	it('is found again by the next try, where n8n tries again', async () => {
		const [other = '', ref = ''] = await newPayments(2);
		const settings: Partial<INode> = {
			onError: 'continueRegularOutput',
			retryOnFail: true,
			waitBetweenTries: 0,
		};
		sandbox.setFaults({ status: 401, match: 'get', times: 1 });
		const waiting = await waitFor([other, ref], { options: { concurrency: 1 } }, { settings });
		expect((await waiting.timeOut()).output).toMatchObject([
			{ json: { paymentId: other, timedOut: true } },
			{ json: { paymentId: ref, timedOut: true } },
		]);
	});

	it('that is paid before the next try comes out at once, though n8n keeps the execution waiting', async () => {
		const refs = await newPayments(2);
		const settings: Partial<INode> = {
			onError: 'continueRegularOutput',
			retryOnFail: true,
			waitBetweenTries: 500,
		};
		sandbox.setFaults({ status: 401, match: 'get', times: 1 });
		const parking = waitFor(refs, { options: { concurrency: 1 } }, { settings });
		await asked(2);
		for (const ref of refs) await sandbox.pay(ref);
		const waiting = await parking;
		expectWait(waiting, 0);
		const paid = refs.map((paymentId) => ({ json: { paymentId, state: 'paid', timedOut: false } }));
		expect((await waiting.timeOut()).output).toMatchObject(paid);
	});

	it('that is paid while others are still looked up is looked up again', async () => {
		const [first = '', second = '', third = ''] = await newPayments(3);
		await sandbox.pay(third);
		sandbox.setFaults({ latency: 1_100, match: 'get' });
		const parking = waitFor([first, second, third], { options: { concurrency: 1 } });
		// During the second time round, in which the one that has ended is not looked up.
		await asked(5);
		await sandbox.pay(first);
		const { output } = (await parking).parked;
		expect(output.map(({ json }) => json.state)).toEqual(['paid', 'pending', 'paid']);
		const reads = sandbox.requests.filter(({ path }) => path.includes(third));
		expect(reads).toHaveLength(1);
	});

	it('among others is waited for as long as the longest of them', async () => {
		const refs = [await newPayment({ lifespan: 60 }), await newPayment({ lifespan: 10 })];
		expectWait(await waitFor(refs), 62);
	});

	it('is waited for though Konnect is away when the node is reached', async () => {
		const ref = await newPayment();
		sandbox.setFaults({ status: 503, match: 'get' });
		const waiting = await waitFor([ref], { options: { timeout: 1 } });
		expect(waiting.parked.run.status).toBe('waiting');
		expect((await waiting.timeOut()).output).toMatchObject([
			{ json: { paymentId: ref, state: 'unknown', timedOut: true } },
		]);
		sandbox.clearFaults();
		await sandbox.pay(ref);
		expect(await callFor(waiting, ref)).toMatchObject({ status: 200 });
		expect(waiting.resumed[0]?.output).toMatchObject([{ json: { state: 'paid' } }]);
	});
});

describe('a step that is run by itself in the editor', () => {
	const webhook = 'http://127.0.0.1:5678/webhook-waiting/11/konnect';
	const stepFor = async (refs: string[], stop?: Promise<unknown>) => {
		for (const ref of refs) sandbox.update(ref, { webhook });
		const inputs = refs.map((ref) => ({ ref }));
		return await runWith(inputs, { mode: 'manual', ...(stop && { stop }) });
	};
	it('looks at its payments until they are paid, and goes on with a hint', async () => {
		const refs = await newPayments(2);
		const running = stepFor(refs);
		await asked(2);
		for (const ref of refs) await sandbox.pay(ref);
		const { run, output, hints } = await running;
		expect(run.waitTill).toBeUndefined();
		expect(output).toMatchObject(refs.map((paymentId) => ({ json: { paymentId, state: 'paid' } })));
		expect(hints.map(({ message }) => message)).toEqual([
			expect.stringMatching(/^Another execution made this payment .* every few seconds/),
		]);
	});

	it('gives up after five minutes, with what to do instead', async () => {
		const running = stepFor(await newPayments(1));
		await asked(1);
		const now = performance.now.bind(performance);
		const clock = jest.spyOn(performance, 'now').mockImplementation(() => now() + 5 * MINUTE);
		const { error, run } = await running;
		clock.mockRestore();
		expect(run.waitTill).toBeUndefined();
		expect(error?.message).toBe('Konnect does not call this execution');
		expect(error?.description).toContain('run the whole workflow');
	});

	it('can be stopped while it looks', async () => {
		const { run, hints } = await stepFor(await newPayments(1), asked(1));
		expect(run.status).toBe('canceled');
		expect(run.waitTill).toBeUndefined();
		expect(hints).toEqual([]);
		expect(sandbox.requests.filter(({ method }) => method === 'GET')).toHaveLength(1);
	});
});

describe('what cannot be waited for', () => {
	it.each([
		['an unknown payment', {}, 'a'.repeat(24), 'Konnect does not know this payment'],
		['no minutes', { timeoutMinutes: 0 }, undefined, "'Timeout (Minutes)'"],
		['more than a year', { timeoutMinutes: 525_601 }, undefined, "'Timeout (Minutes)'"],
	])('is refused: %s', async (_name, parameters, ref, message) => {
		const input = { ref: ref ?? (await newPayment()) };
		const { run, error } = await runWith([input], {}, parameters);
		expect(run.waitTill).toBeUndefined();
		expect(error?.message).toContain(message);
		expect(error?.description).not.toBe('');
	});

	it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'comes out with its error where the node goes on after one: %s',
		async (onError) => {
			const [ref = ''] = await newPayments(1);
			const waiting = await waitFor(['nonsense', ref], {}, { settings: { onError } });
			expect(waiting.parked.run.status).toBe('waiting');
			const json = { error: expect.stringContaining("'Payment ID' is not a payment id") };
			const expectBoth = ({ output, errorOutput }: RunResult, other: object) =>
				expect([output, errorOutput]).toMatchObject(
					onError === 'continueErrorOutput'
						? [[{ json: other }], [{ json }]]
						: [[{ json }, { json: other }], []],
				);
			expectBoth(await waiting.timeOut(), { paymentId: ref, timedOut: true });
			await sandbox.pay(ref);
			await callFor(waiting, ref);
			expectBoth(waiting.resumed[0] as RunResult, { paymentId: ref, state: 'paid' });
		},
	);

	it('is more than fifty payments, of which fifty are waited for where the node goes on', async () => {
		const ref = await newPayment();
		const waitTimes = async (count: number, settings: Partial<INode> = {}) =>
			await runWith(Array(count).fill({ ref }), { settings }, { options: { concurrency: 20 } });
		const { run, error } = await waitTimes(51);
		expect(run.waitTill).toBeUndefined();
		const message = 'These are too many payments for one execution to wait for';
		expect(error?.message).toBe(message);
		const { output } = await waitTimes(51, { onError: 'continueRegularOutput' });
		expect(output.map(({ json }) => json.error ?? 'waited for').sort()).toEqual([
			message,
			...Array<string>(50).fill('waited for'),
		]);
		expect(error?.description).toMatch(
			/at most 50 .* with a trigger .*'Wait for Sub-Workflow Completion' off.* Loop Over Items /,
		);
		expect((await waitTimes(50)).run.waitTill).toBeDefined();
	});

	it('is a payment of which only a later look can tell that, and it holds up no other', async () => {
		const ref = await newPayment();
		await sandbox.pay(ref);
		// At the first look, Konnect is away for both.
		sandbox.setFaults({ status: 503, match: 'get', times: 8 });
		const settings = { onError: 'continueErrorOutput' } as const;
		const { run, output, errorOutput } = await runWith([{ ref }, { ref: 'a'.repeat(24) }], {
			settings,
		});
		expect(run.waitTill).toBeUndefined();
		expect(output).toMatchObject([{ json: { state: 'paid', timedOut: false } }]);
		expect(errorOutput).toMatchObject([
			{ json: { error: expect.stringContaining('does not know') } },
		]);
	});

	it('is not a payment whose credential n8n cannot read once more', async () => {
		const refs = await newPayments(2);
		await sandbox.pay(refs[0] ?? '');
		// The first look takes long, so there is a second.
		sandbox.setFaults({ latency: 2_100, match: 'get', times: 2 });
		const waiting = await waitFor(refs, {}, { credentialOf: onceForEach() });
		expect(waiting.parked.run.status).toBe('waiting');
		expect((await waiting.timeOut()).output).toMatchObject([
			{ json: { state: 'paid' } },
			{ json: { state: 'pending' } },
		]);
	});

	it('is a payment that an agent asks for, as a tool: it is told what to do instead', async () => {
		const ref = await newPayment();
		const settings = { type: 'n8n-nodes-konnect.konnectTool' };
		const { run, error } = await runWith([{ ref }], { settings });
		expect(run.waitTill).toBeUndefined();
		expect(error?.message).toBe('Wait for Payment cannot be used as a tool');
		expect(error?.description).toContain('Get Payment');
		expect(error?.context).toMatchObject({ itemIndex: 0 });
	});

	it('is anything at all for an agent, to which n8n does not show the operation', async () => {
		const { properties } = loader.getNode('konnect').type.description as {
			properties: Array<{ name: string; options?: object[] }>;
		};
		const options = properties.find(({ name }) => name === 'operation')?.options;
		expect(options).toContainEqual(
			expect.objectContaining({
				value: 'waitForPayment',
				displayOptions: { hide: { '@tool': [true] } },
			}),
		);
	});
});

describe('a call of a waiting execution', () => {
	it('lets it go on with the payment, when it is paid', async () => {
		const { ref, waiting } = await waitForOne({ options: { includeInput: true } });
		await sandbox.pay(ref);
		const { status, body } = await callFor(waiting, ref);
		expect({ status, body }).toEqual({ status: 200, body: { result: 'accepted', state: 'paid' } });
		expect(waiting.resumed).toHaveLength(1);
		expect(waiting.resumed[0]?.run.status).toBe('success');
		expect(waiting.resumed[0]?.output[0]?.json).toMatchObject({
			paymentId: ref,
			state: 'paid',
			timedOut: false,
			input: { ref, row: 0 },
		});
	});

	it.each(['Wait "here"', "Payment's wait", 'Wait }} {{ 1 + 1', 'انتظار الدفع', 'C:\\new'])(
		'lets it go on where the node is named %s',
		async (name) => {
			const { ref, waiting } = await waitForOne({}, { settings: { name } });
			await sandbox.pay(ref);
			expect((await callFor(waiting, ref)).body).toMatchObject({ result: 'accepted' });
			expect(waiting.resumed[0]?.output[0]?.json).toMatchObject({ state: 'paid' });
		},
	);

	it('puts out Konnect’s own object where it is not simplified, with how it differs from what was expected', async () => {
		const options = { expectedAmount: 99, expectedToken: 'TND' };
		const { ref, waiting } = await waitForOne({ simplify: false, options });
		await sandbox.pay(ref);
		await callFor(waiting, ref);
		expect(waiting.resumed[0]?.output[0]?.json).toMatchObject({
			status: 'completed',
			transactions: [expect.anything()],
			matches: false,
			mismatches: [{ field: 'amount', expected: 99_000, actual: 12_500 }],
		});
	});

	it.each([
		['without a payment', 'state=paid'],
		['for another payment', 'payment_ref=aaaaaaaaaaaaaaaaaaaaaaaa'],
	])('%s leaves it waiting, and asks Konnect nothing', async (_name, query) => {
		const { waiting } = await waitForOne();
		const before = sandbox.requests.length;
		const { status, body } = await call(waiting, query);
		expect({ status, body }).toMatchObject({ status: 400, body: { result: 'refused' } });
		expect(sandbox.requests).toHaveLength(before);
		expect(waiting.resumed).toEqual([]);
	});

	it.each([
		['whose payment is open', 'payment_ref=REF'],
		['that says the payment is paid', 'payment_ref=REF&status=completed&state=paid'],
	])('%s leaves it waiting, and is to be repeated', async (_name, query) => {
		const { ref, waiting } = await waitForOne({ options: { timeout: 1 } });
		const { status, body, retryAfter } = await call(waiting, query.replaceAll('REF', ref));
		expect([status, retryAfter]).toEqual([503, '10']);
		expect(body).toMatchObject({ result: 'failed' });
		expect(waiting.resumed).toEqual([]);
	});

	it('may be repeated where n8n could not take it', async () => {
		let isAway = true;
		const store = async () => {
			if (isAway) throw new Error('connection lost');
		};
		const { ref, waiting } = await waitForOne({}, { store });
		await sandbox.pay(ref);
		expect(await callFor(waiting, ref)).toMatchObject({ status: 503, retryAfter: '10' });
		isAway = false;
		expect((await callFor(waiting, ref)).body).toMatchObject({ result: 'accepted' });
		expect(waiting.resumed).toHaveLength(1);
	});

	it('shows a browser the payer’s page, and lets it keep the last one, after which the execution answers no more', async () => {
		const { ref, waiting } = await waitForOne();
		const browser = { accept: 'text/html', 'accept-language': 'fr' };
		await sandbox.pay(ref, { card: 'failing' });
		const failed = await call(waiting, `payment_ref=${ref}`, browser);
		expect(failed.text).toContain('Le paiement n’a pas abouti');
		sandbox.expire(ref);
		const expired = await call(waiting, `payment_ref=${ref}`, browser);
		expect(expired.headers.get('cache-control')).toContain('immutable');
		expect(waiting.resumed).toHaveLength(1);
	});

	it('of a payer who has paid before it began shows that, while another payment is open', async () => {
		const refs = await newPayments(2);
		await sandbox.pay(refs[0] ?? '');
		const waiting = await waitFor(refs);
		const answer = await call(waiting, `payment_ref=${refs[0]}`, { accept: 'text/html' });
		expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('received') });
	});

	it('is answered by the settings of its item', async () => {
		const refs = await newPayments(2);
		const pages = ['https://a.example/', 'https://b.example/'];
		const items = refs.map((ref, n) => ({ json: { ref, seconds: n + 1, page: pages[n] } }));
		const options = { timeout: '={{ $json.seconds }}', failUrl: '={{ $json.page }}' };
		const waiting = await waitFor([], { resumeOn: ['paid'], options }, { items });
		for (const [n, ref] of refs.entries()) {
			sandbox.expire(ref);
			const answer = await call(waiting, `payment_ref=${ref}`, { accept: 'text/html' });
			expect(answer.headers.get('location')).toBe(`${pages[n]}?payment_ref=${ref}`);
		}
	});

	it('is told in n8n’s log', async () => {
		const { ref, waiting } = await waitForOne({ resumeOn: ['paid'] });
		sandbox.expire(ref);
		await callFor(waiting, ref);
		expect(waiting.log).toEqual([
			"Wait for Payment: 200 ignored: the payment's state is \"expired\", which is not in 'Resume On'",
		]);
	});
});

describe('what goes wrong at a call leaves the execution waiting', () => {
	const forget: WaitingOptions['tamper'] = ({ executionData }) =>
		Object.assign(executionData ?? {}, { contextData: {} });
	const later = () => credentialFor({ apiKey: '5f7a209aeb3f76490ac4a3d1:revoked' });

	it.each<[string, () => WaitingOptions]>([
		['the key is revoked', () => ({ later: later() })],
		['what was stored is gone', () => ({ tamper: forget })],
	])('where %s', async (_name, world) => {
		const { ref, waiting } = await waitForOne({}, world());
		await sandbox.pay(ref);
		const { status, text } = await callFor(waiting, ref);
		expect(status).toBe(502);
		expect(text).not.toContain(SANDBOX_ACCOUNTS.merchant.apiKey);
		expect(waiting.resumed).toEqual([]);
	});
});

describe('when time is up', () => {
	it('a state that can still change is marked as well, and one call reads no payment that has ended', async () => {
		const refs = await newPayments(3);
		await sandbox.pay(refs[0] ?? '', { card: 'failing' });
		await sandbox.pay(refs[1] ?? '');
		const waiting = await waitFor(refs, { resumeOn: ['paid', 'attemptFailed'] });
		expect((await waiting.timeOut()).output.map(({ json }) => json.timedOut)).toEqual([
			true,
			false,
			true,
		]);
		for (const ref of [refs[0], refs[2]]) await sandbox.pay(ref ?? '');
		const before = sandbox.requests.length;
		expect((await callFor(waiting, refs[2])).body).toMatchObject({ result: 'accepted' });
		expect(sandbox.requests.length - before).toBe(2);
	});

	it('and n8n still has it waiting, a call lets it go on', async () => {
		const tamper: WaitingOptions['tamper'] = ({ executionData }) =>
			Object.assign(executionData?.contextData['node:Under Test']?.waiting ?? {}, { until: 1 });
		const { ref, waiting } = await waitForOne({}, { tamper });
		await sandbox.pay(ref);
		expect((await callFor(waiting, ref)).body).toMatchObject({ result: 'accepted' });
	});

	it('items that n8n held back with Execute Once stay held back', async () => {
		const refs = await newPayments(2);
		const waiting = await waitFor(refs, {}, { settings: { executeOnce: true } });
		const { output } = await waiting.timeOut();
		expect(output).toMatchObject([{ json: { paymentId: refs[0], timedOut: true } }]);
	});

	it('files that an item carries are stored with the wait, and come out', async () => {
		const items = [{ json: { ref: await newPayment() }, binary }];
		const waiting = await waitFor([], {}, { items });
		const stored = waiting.parked.run.data.executionData?.contextData['node:Under Test'];
		expect(stored).toMatchObject({ waiting: { items: [{ binary }] } });
		expect((await waiting.timeOut()).output).toMatchObject([{ json: { timedOut: true }, binary }]);
	});

	it('the payment comes out as it was last read, marked, with the input only if asked for', async () => {
		const refs = await newPayments(2);
		await sandbox.pay(refs[1] ?? '');
		const waiting = await waitFor(refs);
		const { run, output } = await waiting.timeOut();
		expect(run.status).toBe('success');
		const before = run.data.resultData.runData.Start?.[0]?.data?.main?.[0];
		expect(before?.[0]?.json).toEqual({ ref: refs[0], row: 0 });
		expect(output.map(({ json }) => [json.paymentId, json.state, json.timedOut])).toEqual([
			[refs[0], 'pending', true],
			[refs[1], 'paid', false],
		]);
		expect(output[0]?.json).not.toHaveProperty('row');
		const withInput = await waitFor(refs, { options: { includeInput: true } });
		expect((await withInput.timeOut()).output[0]?.json.input).toEqual({ ref: refs[0], row: 0 });
	});
});
