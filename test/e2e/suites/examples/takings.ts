import { findTable, opened, outputOf, publishExample, runFrom, startReceiver } from '../../harness';
import { paidBesides, type DeliveryShop } from './deliveryShop';
import { chatChanges, type ExampleShop } from './shop';

/** `daily-takings.json`, beside the example that marks orders as paid. */
export function takingsSuite(shop: () => ExampleShop, orders: () => DeliveryShop): void {
	const chat = opened(startReceiver);
	let workflowId: string;
	let yesterday: string;

	beforeAll(async () => {
		workflowId = (await publishExample(shop(), 'daily-takings', chatChanges(chat()))).id;
		const ref = await orders().refOf('TODAY');
		await shop().sandbox.pay(ref);
		await orders().notify([ref]);
		await orders().settled();
		const [row] = await orders().rowsOf('TODAY');
		yesterday = new Date(Date.parse(String(row?.paidOn)) - 86_400_000).toISOString().slice(0, 10);
	});

	const morning = async (workflow = workflowId) => {
		const execution = await runFrom(shop(), workflow, 'Every morning');
		expect(execution.status).toBe('success');
		return { row: outputOf(execution, 'Add up'), told: chat().bodies.at(-1) };
	};
	const none = (token: string) => ({
		[token]: token === 'TND' ? '0.000' : '0.00',
		[`${token} fees`]: token === 'TND' ? '0.000' : '0.00',
		[`${token} net`]: token === 'TND' ? '0.000' : '0.00',
	});
	const notePaid = async (paidWith: string) =>
		await (
			await findTable(shop().client, 'Konnect orders')
		).insert([{ orderId: `OF-${paidWith}`, state: 'paid', paidWith, paidOn: yesterday }]);

	it('says so when nothing was paid', async () => {
		const text = `Takings of ${yesterday}: 0 paid.`;
		const sums = { ...none('TND'), ...none('EUR'), ...none('USD'), ...none('GBP') };
		expect(await morning()).toEqual({
			row: [{ day: yesterday, orders: 0, unread: 0, ...sums, text }],
			told: { text },
		});
	});

	it('adds up amounts, fees and what is left, currencies apart, and what could not be read', async () => {
		const { sandbox } = shop();
		const paid = [
			await paidBesides(sandbox, 'T-1', 12_345),
			await paidBesides(sandbox, 'T-2', 100_001),
			await paidBesides(sandbox, 'T-3', 1_005, 'EUR'),
		];
		// Konnect's net amount need not be the amount less the fee, as a recorded body shows.
		const parts = [
			{ status: 'success', amount: 12_345, totalFee: 198, amountAfterFee: 12_147 },
			{ status: 'success', amount: 100_001, totalFee: 1_601, amountAfterFee: 98_401 },
			{ status: 'success', amount: 1_005, totalFee: 17, amountAfterFee: 988 },
		];
		const refused = { status: 'failed_payment', amount: 5 };
		paid.forEach((ref, index) => sandbox.update(ref, { transactions: [refused, parts[index]] }));
		for (const ref of [...paid, '0'.repeat(24)]) await notePaid(ref);

		const tnd = { TND: '112.346', 'TND fees': '1.799', 'TND net': '110.548' };
		const eur = { EUR: '10.05', 'EUR fees': '0.17', 'EUR net': '9.88' };
		const sums = { ...tnd, ...eur, ...none('USD'), ...none('GBP') };
		const text = `Takings of ${yesterday}: 3 paid. TND: 112.346, fees 1.799, net 110.548. EUR: 10.05, fees 0.17, net 9.88. 1 could not be read.`;
		expect(await morning()).toEqual({
			row: [{ day: yesterday, orders: 3, unread: 1, ...sums, text }],
			told: { text },
		});
	});

	it('guesses no fee that Konnect does not say, nor after a refund', async () => {
		const part = { status: 'success', amount: 1_000 };
		const given = { ...part, status: 'refunded', totalFee: 16, amountAfterFee: 984 };
		for (const [token, transaction] of Object.entries({ USD: part, GBP: given })) {
			const ref = await paidBesides(shop().sandbox, `T-${token}`, 1_000, token as 'USD' | 'GBP');
			shop().sandbox.update(ref, { transactions: [transaction] });
			await notePaid(ref);
		}
		const { row } = await morning();
		const usd = { USD: '10.00', 'USD fees': 'not known', 'USD net': 'not known' };
		const gbp = { GBP: '10.00', 'GBP fees': 'not known', 'GBP net': 'not known' };
		expect(row).toMatchObject([{ orders: 5, TND: '112.346', 'TND fees': '1.799', ...usd, ...gbp }]);
	});

	it('can be tried with today', async () => {
		const value = '={{ $now.toISODate() }}';
		const assignments = { assignments: [{ id: 'day', name: 'day', type: 'string', value }] };
		const { id } = await publishExample(shop(), 'daily-takings', {
			'Which day': { parameters: { assignments } },
		});
		const [row] = await orders().rowsOf('TODAY');
		const [takings] = (await morning(id)).row;
		expect(takings).toMatchObject({ day: row?.paidOn, unread: 0 });
		expect(takings?.orders).toBeGreaterThan(0);
	});
}
