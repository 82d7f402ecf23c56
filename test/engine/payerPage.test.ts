import { BROWSER } from '../fixtures/callers';
import { call } from './callServer';
import { makePayment, sandbox } from './harness';
import { listen, makePaid, useTriggers } from './triggerStage';
import type { WebhookServer } from './webhookServer';

useTriggers();

async function visit({ url }: WebhookServer, query: string, language = 'en') {
	const headers = { accept: BROWSER, 'accept-language': language };
	const answer = await call(`${url}?${query}`, headers);
	return { ...answer, heading: /<h1>(.*)<\/h1>/.exec(answer.text)?.[1] };
}

describe('a payer’s browser', () => {
	it.each([
		['de,ar;q=0.3,fr-TN;q=0.7', 'Paiement reçu'],
		['ar-TN', 'تم استلام الدفع'],
		['de', 'Payment received'],
	])('is answered in its language: %s', async (accepted, heading) => {
		const page = await visit(await listen(), `payment_ref=${await makePaid()}`, accepted);
		expect(page.heading).toBe(heading);
	});

	it('gets pages without script, without anything from outside, and with nothing of the query', async () => {
		const server = await listen({ options: { timeout: 1 } });
		const ref = await makePayment();
		const evil = encodeURIComponent('"><script>alert(1)</script>');
		for (const query of [`payment_ref=${ref}&x=${evil}`, `payment_ref=${evil}`, `x=${evil}`]) {
			const { text, headers } = await visit(server, query);
			expect(text).not.toMatch(/<script|https?:|alert|src=|@import|url\(/i);
			expect(text).not.toContain(ref);
			expect(headers.get('content-security-policy')).toContain("default-src 'none'");
			expect(headers.get('cache-control')).toBe('no-store');
			expect(text.length).toBeLessThan(3500);
		}
	});
});

describe('Success URL and Fail URL', () => {
	const URLS = {
		successUrl: 'https://shop.example/thanks?lang=fr#top',
		failUrl: 'https://shop.example/sorry',
	};

	it('send the payer on by the state, with the payment’s id, after the execution is stored', async () => {
		const store = jest.fn(async () => {});
		const server = await listen({ options: URLS }, { store });
		const ref = await makePaid();
		for (let time = 0; time < 2; time++) {
			expect(await visit(server, `payment_ref=${ref}`)).toMatchObject({
				status: 302,
				location: `https://shop.example/thanks?lang=fr&payment_ref=${ref}#top`,
			});
			expect(store).toHaveBeenCalledTimes(1);
		}
	});

	it('send the payer of a refused card on only where a watch keeps looking', async () => {
		const ref = await makePayment();
		await sandbox.pay(ref, { card: 'failing' });
		const page = await visit(await listen({ options: URLS }), `payment_ref=${ref}`);
		expect(page).toMatchObject({ status: 503, heading: 'The payment did not go through' });
		const watching = await listen({ options: { ...URLS, keepLooking: 0.05 } });
		expect(await visit(watching, `payment_ref=${ref}`)).toMatchObject({
			status: 302,
			location: `https://shop.example/sorry?payment_ref=${ref}`,
		});
		await sandbox.pay(ref);
		while (watching.executions.length === 0) await watching.changed();
		expect(watching.executions).toEqual([expect.objectContaining({ state: 'paid' })]);
	});
});
