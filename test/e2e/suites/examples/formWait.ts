import { openBrowser, opened, outputOf, publishExample } from '../../harness';
import type { ExampleShop } from './shop';

/** `form-link-wait-deliver.json`, in a browser. */
export function formWaitSuite(shop: () => ExampleShop): void {
	const browser = opened(openBrowser);
	let workflowId: string;
	let form: string;

	beforeAll(async () => {
		const { id, nodes } = await publishExample(shop(), 'form-link-wait-deliver');
		workflowId = id;
		const trigger = nodes.find(({ name }) => name === 'Payment form');
		form = `${shop().n8n.url}/form/${trigger?.webhookId}`;
	});

	const submit = async (javaScriptEnabled: boolean) => {
		const page = await (await browser().newContext({ javaScriptEnabled })).newPage();
		await page.goto(form);
		await page.getByLabel('Name').fill('Amine');
		await page.getByLabel('Product').selectOption('Two tickets');
		await page.getByRole('button', { name: 'Pay' }).click();
		return page;
	};

	it('sends the payer from the form to the payment page, waits, and delivers', async () => {
		const page = await submit(true);
		await page.getByRole('link', { name: 'Use Visa' }).click();
		await page.getByRole('button', { name: /^Pay/ }).click();
		const execution = await shop().client.waitForExecution({ workflowId });
		await page.context().close();
		const message = 'Thank you, Amine. 25.000 TND received for: Two tickets.';
		expect(outputOf(execution, 'Deliver')).toMatchObject([
			{ message, orderId: `FORM-${execution.id}` },
		]);
	});

	it('makes no payment where the browser runs no script: n8n’s forms need it', async () => {
		const before = shop().sandbox.payments().length;
		const page = await submit(false);
		await page.getByText('Expected multipart/form-data').waitFor();
		await page.context().close();
		expect(shop().sandbox.payments()).toHaveLength(before);
	});
}
