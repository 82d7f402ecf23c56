import fetch, { FormData } from 'node-fetch';
import { errorOf, openBrowser, opened, outputOf, publishExample, USER_AGENT } from '../../harness';
import type { ExampleShop } from './shop';

const CUSTOMER = { 'First name': 'Amine', 'Last name': 'Ben Salah', Email: 'amine@example.com' };

/** `form-payment-link.json`, and `payment-received.json` after it. */
export function formSuite(shop: () => ExampleShop): void {
	const browser = opened(openBrowser);
	let workflowId: string;
	let form: string;

	beforeAll(async () => {
		const { webhook, n8n } = shop();
		const { id, nodes } = await publishExample(shop(), 'form-payment-link', {
			'Init Payment': { parameters: { webhook } },
		});
		workflowId = id;
		const trigger = nodes.find(({ name }) => name === 'Payment form');
		form = `${n8n.url}/form/${trigger?.webhookId}`;
	});

	it('shows the link, which is paid, and the row and the chat tell of it', async () => {
		const page = await browser().newPage();
		await page.goto(form);
		for (const [label, value] of Object.entries(CUSTOMER)) await page.getByLabel(label).fill(value);
		await page.getByLabel('Product').selectOption('Two tickets');
		await page.getByRole('button', { name: 'Get the payment link' }).click();
		const link = page.getByRole('link', { name: 'Pay 25.000 TND' });
		await link.waitFor();
		await page.setViewportSize({ width: 360, height: 740 });
		// A button that is high enough for a thumb, on a page that does not scroll sideways.
		expect((await link.boundingBox())?.height).toBeGreaterThanOrEqual(40);
		expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);

		const ref = new URL(String(await link.getAttribute('href'))).searchParams.get('payment_ref');
		const id = String(ref);
		expect(await page.getByText(`payment_ref=${id}`).count()).toBe(1);
		const [row] = await shop().rowsOf(id);
		const orderId = String(row?.orderId);
		expect(orderId).toMatch(/^ORDER-\d+$/);
		const details = { amount: 25, currency: 'TND', name: 'Amine Ben Salah', email: CUSTOMER.Email };
		expect(row).toMatchObject({ paymentId: id, state: 'pending', ...details });

		await link.click();
		await page.getByRole('link', { name: 'Use Visa' }).click();
		await page.getByRole('button', { name: /^Pay/ }).click();
		await page.getByRole('heading', { name: 'Payment received' }).waitFor();
		await page.close();
		await shop().receivedFor(id);
		expect(await shop().rowsOf(id)).toEqual([
			expect.objectContaining({ paymentId: id, state: 'paid', orderId, ...details }),
		]);
		expect(shop().chat.bodies).toEqual([
			{ text: `Paid: 25.000 TND. Order: ${orderId}. Payment: ${id}.` },
		]);
	});

	it('makes no payment for a product that is not on the price list', async () => {
		const before = shop().sandbox.payments().length;
		const body = new FormData();
		['Amine', 'Ben Salah', CUSTOMER.Email, 'Free ticket'].forEach((value, index) =>
			body.append(`field-${index}`, value),
		);
		await fetch(form, { method: 'POST', body, headers: { 'user-agent': USER_AGENT } });
		const execution = await shop().client.waitForExecution({ workflowId, status: ['error'] });
		expect(outputOf(execution, 'Payment form')[0]?.product).toBe('Free ticket');
		expect(errorOf(execution)).toBe(`'Amount' is empty`);
		expect(shop().sandbox.payments()).toHaveLength(before);
	});
}
