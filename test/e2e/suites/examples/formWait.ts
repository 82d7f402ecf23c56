import { openBrowser, opened, outputOf, publishExample } from '../../harness';
import type { ExampleShop } from './shop';

/** `form-link-wait-deliver.json`, in a browser. */
export function formWaitSuite(shop: () => ExampleShop): void {
	const browser = opened(openBrowser);

	it('sends the payer from the form to the payment page, waits, and delivers', async () => {
		const { id: workflowId, nodes } = await publishExample(shop(), 'form-link-wait-deliver');
		const trigger = nodes.find(({ name }) => name === 'Payment form');
		const page = await browser().newPage();
		await page.goto(`${shop().n8n.url}/form/${trigger?.webhookId}`);
		await page.getByLabel('Name').fill('Amine');
		await page.getByLabel('Product').selectOption('Two tickets');
		await page.getByRole('button', { name: 'Pay' }).click();
		await page.getByRole('link', { name: 'Use Visa' }).click();
		await page.getByRole('button', { name: /^Pay/ }).click();
		const execution = await shop().client.waitForExecution({ workflowId });
		await page.close();
		const message = 'Thank you, Amine. 25.000 TND received for: Two tickets.';
		expect(outputOf(execution, 'Deliver')).toMatchObject([
			{ message, orderId: `FORM-${execution.id}` },
		]);
	});
}
