import { opened, publishExample, runFrom, startReceiver } from '../../harness';
import type { DeliveryShop } from './deliveryShop';
import type { ExampleShop } from './shop';

interface Message {
	text: string;
	to: string;
}

const WORDS = {
	failed: 'Your card was not accepted, and nothing was taken.',
	soon: 'Your payment link runs out soon:',
	expired: 'Your payment link has run out. Here is a new one:',
	rest: 'Thank you for your payment. 7.500 TND are still to pay:',
};

/** `follow-up.json`, beside the example that makes its orders. */
export function followUpSuite(shop: () => ExampleShop, orders: () => DeliveryShop): void {
	const customer = opened(startReceiver);
	let workflowId: string;

	beforeAll(async () => {
		workflowId = await publish();
	});

	/**
	 * @param hours how long before the end of a link its customer is reminded; the example's own value by default
	 * @param url where messages go; with null the node is off
	 */
	const publish = async (hours = 3, url: string | null = customer().url): Promise<string> => {
		const message = url ? { disabled: false, parameters: { url } } : {};
		const { client } = shop();
		const { id, nodes } = await publishExample(shop(), 'follow-up', {
			'Message to the customer': message,
		});
		const code = nodes.find(({ name }) => name === 'What to say');
		const jsCode = String(code?.parameters.jsCode);
		const changed = jsCode.replace('HOURS_BEFORE_END = 3;', `HOURS_BEFORE_END = ${hours};`);
		await client.updateWorkflow(id, {
			nodes: nodes.map((node) =>
				node === code ? { ...node, parameters: { ...node.parameters, jsCode: changed } } : node,
			),
		});
		return id;
	};
	/** Runs the workflow as at a full hour, and resolves with what it told the customers of these orders. */
	const hour = async (names: string[], workflow = workflowId): Promise<string[]> => {
		const before = customer().bodies.length;
		expect((await runFrom(shop(), workflow, 'Every hour')).status).toBe('success');
		const messages = customer().bodies.slice(before) as Message[];
		return messages.filter(({ to }) => names.includes(to)).map(({ text }) => text);
	};
	const order = async (name: string) => await orders().refOf(`${name}&contact=${name}`);
	const linkOf = (name: string) =>
		expect.stringMatching(new RegExp(`: http\\S+/webhook/order\\?order=${name}&product=ticket$`));

	it('tells each customer once what happened, with the link of the order', async () => {
		const { sandbox } = shop();
		const names = ['F-FAILED', 'F-EXPIRED', 'F-REST', 'F-WAITS'];
		const [failed = '', expired = '', rest = ''] = await Promise.all(names.map(order));
		await sandbox.pay(failed, { card: 'failing' });
		sandbox.expire(expired);
		sandbox.update(rest, { type: 'partial', reachedAmount: 5_000, amountDue: 7_500 });

		const told = await hour(names);
		for (const words of [WORDS.failed, WORDS.expired, WORDS.rest]) {
			expect(told.filter((text) => text.startsWith(words))).toHaveLength(1);
		}
		const links = ['F-FAILED', 'F-EXPIRED', 'F-REST'].map(linkOf);
		expect(told).toHaveLength(links.length);
		expect(told).toEqual(expect.arrayContaining(links));
		expect(await hour(names)).toEqual([]);
	});

	it('reminds of a link before it runs out', async () => {
		await order('F-SOON');
		expect(await hour(['F-SOON'])).toEqual([]);
		const before30Hours = await publish(30);
		const told = await hour(['F-SOON'], before30Hours);
		expect(told).toEqual([linkOf('F-SOON')]);
		expect(told[0]).toContain(WORDS.soon);
		expect(await hour(['F-SOON'], before30Hours)).toEqual([]);
	});

	it('writes three times at most for an order', async () => {
		const { sandbox } = shop();
		const told: string[] = [];
		for (let link = 0; link < 5; link++) {
			sandbox.expire(await order('F-MANY'));
			told.push(...(await hour(['F-MANY'])));
		}
		expect(told).toEqual([linkOf('F-MANY'), linkOf('F-MANY'), linkOf('F-MANY')]);
	});

	it.each([
		['its node is off', null, 'success'],
		['nobody takes it', 'http://127.0.0.1:9', 'error'],
	])('counts no message when %s, and sends it later', async (_why, url, status) => {
		const name = url ? 'F-LATER' : 'F-TRIAL';
		shop().sandbox.expire(await order(name));
		const unsent = await publish(3, url);
		expect(await runFrom(shop(), unsent, 'Every hour')).toMatchObject({ status });
		expect(await orders().rowsOf(name)).toMatchObject([{ reminders: 0, lastReminder: '' }]);
		expect(await hour([name])).toEqual([linkOf(name)]);
		expect(await orders().rowsOf(name)).toMatchObject([{ reminders: 1 }]);
	});

	it('writes to nobody whose order has no contact, or is paid although no call came', async () => {
		shop().sandbox.expire(await orders().refOf('F-NOBODY'));
		await shop().sandbox.pay(await order('F-PAID'));
		expect(await hour(['', 'F-PAID'])).toEqual([]);
	});
}
