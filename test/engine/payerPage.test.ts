import fetch from 'node-fetch';

import { SANDBOX_ACCOUNTS } from '../../sandbox';
import { makePayment } from './harness';
import { useTriggers } from './triggerStage';
import type { WebhookServer, WebhookServerOptions } from './webhookServer';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

const triggers = useTriggers();
const { stage } = triggers;

const listen = async (
	parameters: WebhookServerOptions['parameters'] = {},
	options: Partial<WebhookServerOptions> = {},
) => await triggers.listen({ parameters, ...options });

async function visit(server: WebhookServer, query: string, headers: Record<string, string> = {}) {
	const response = await fetch(`${server.url}?${query}`, {
		redirect: 'manual',
		headers: { accept: BROWSER, 'accept-language': 'en', ...headers },
	});
	const text = await response.text();
	return {
		status: response.status,
		type: response.headers.get('content-type'),
		location: response.headers.get('location'),
		heading: /<h1>(.*)<\/h1>/.exec(text)?.[1],
		reload: response.headers.get('refresh') ?? undefined,
		text,
		headers: response.headers,
	};
}

describe('a payer’s browser', () => {
	it('is told that the payment was received, also when the page is reloaded', async () => {
		const server = await listen();
		const ref = await makePayment(stage.sandbox);
		await stage.sandbox.pay(ref);
		for (let time = 0; time < 2; time++) {
			const page = await visit(server, `payment_ref=${ref}`);
			expect(page).toMatchObject({ status: 200, heading: 'Payment received', location: null });
			expect(page.type).toContain('text/html');
		}
		expect(server.executions).toHaveLength(1);
	});

	it('is told the state of the payment whatever the workflow is started for', async () => {
		const server = await listen({ events: ['expired'] });
		const ref = await makePayment(stage.sandbox);
		const headings: unknown[] = [];
		const look = async () => headings.push((await visit(server, `payment_ref=${ref}`)).heading);
		await look();
		await stage.sandbox.pay(ref, { card: 'failing' });
		await look();
		await stage.sandbox.pay(ref);
		await look();
		expect(headings).toEqual([
			'The payment is being confirmed',
			'The payment did not go through',
			'Payment received',
		]);
		expect(server.executions).toHaveLength(0);
	}, 15_000);

	it.each([
		['fr-TN,fr;q=0.9,en;q=0.8', 'fr', 'ltr', 'Paiement reçu'],
		['ar-TN', 'ar', 'rtl', 'تم استلام الدفع'],
		['de,ar;q=0.3,fr;q=0.7', 'fr', 'ltr', 'Paiement reçu'],
		['de', 'en', 'ltr', 'Payment received'],
		['en;q=0.5, FR;q=0.6', 'fr', 'ltr', 'Paiement reçu'],
		['', 'en', 'ltr', 'Payment received'],
		['fr;q=0', 'en', 'ltr', 'Payment received'],
		['x'.repeat(5000), 'en', 'ltr', 'Payment received'],
	])('is answered in its language: %s', async (accepted, language, direction, heading) => {
		const server = await listen();
		const ref = await makePayment(stage.sandbox);
		await stage.sandbox.pay(ref);
		const page = await visit(server, `payment_ref=${ref}`, { 'accept-language': accepted });
		expect(page.heading).toBe(heading);
		expect(page.text).toContain(`<html lang="${language}" dir="${direction}">`);
	});

	it('gets pages without script, without anything from outside, and with nothing of the query', async () => {
		const server = await listen({ options: { timeout: 1 } });
		const ref = await makePayment(stage.sandbox);
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

	it('repairs an outage by itself: the page says that it is being confirmed and asks again', async () => {
		const server = await listen({ options: { timeout: 1 } });
		const ref = await makePayment(stage.sandbox);
		await stage.sandbox.pay(ref);
		stage.sandbox.setFaults({ status: 503, match: 'get' });
		const during = await visit(server, `payment_ref=${ref}`);
		expect(during).toMatchObject({ status: 503, heading: 'The payment is being confirmed' });
		expect(during.reload).toMatch(/^2;url=\?payment_ref=[0-9a-f]{24}&konnect_since=\d{13}$/);
		stage.sandbox.clearFaults();
		expect(await visit(server, `payment_ref=${ref}`)).toMatchObject({
			status: 200,
			heading: 'Payment received',
			reload: undefined,
		});
		expect(server.executions).toHaveLength(1);
	});

	it('repairs an outage of n8n’s database the same way', async () => {
		let away = true;
		const server = await listen(
			{ options: { successUrl: 'https://shop.example/ok', failUrl: 'https://shop.example/ko' } },
			{
				store: async () => {
					if (away) throw new Error('the database is away');
				},
			},
		);
		const ref = await makePayment(stage.sandbox);
		await stage.sandbox.pay(ref);
		const during = await visit(server, `payment_ref=${ref}`);
		expect(during).toMatchObject({ status: 503, location: null });
		away = false;
		expect(await visit(server, `payment_ref=${ref}`)).toMatchObject({ status: 302 });
	});

	it('keeps a page only where it says the same for ever, whatever the workflow is started for later', async () => {
		const server = await listen({ events: ['any'] });
		const [paid, expired] = [await makePayment(stage.sandbox), await makePayment(stage.sandbox)];
		await stage.sandbox.pay(paid);
		stage.sandbox.expire(expired);
		const keptOf = async (ref: string) =>
			(await visit(server, `payment_ref=${ref}`)).headers.get('cache-control');
		expect(await keptOf(paid)).toContain('immutable');
		expect(await keptOf(expired)).toBe('no-store');
	});

	it('is told nothing that it could show as proof for a payment of another', async () => {
		stage.sandbox.setShape('documented');
		const server = await listen();
		const ref = await makePayment(stage.sandbox);
		await stage.sandbox.pay(ref);
		stage.sandbox.update(ref, { receiverWallet: { id: SANDBOX_ACCOUNTS.other.walletId } });
		const page = await visit(server, `payment_ref=${ref}`);
		expect(page).toMatchObject({ status: 200, heading: 'This address belongs to no payment' });
	});

	it.each([
		['payment_ref=1', 400, 'This address belongs to no payment'],
		[`payment_ref=${'0'.repeat(24)}`, 404, 'This address belongs to no payment'],
	])('is told what is wrong with the address: %s', async (query, status, heading) => {
		expect(await visit(await listen(), query)).toMatchObject({ status, heading });
	});
});

describe('the form of an answer', () => {
	const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Instagram 350.0';

	it.each([
		['json', { accept: '*/*', 'user-agent': 'node' }],
		['json', { accept: 'application/json, text/plain, */*' }],
		['html', {}],
		['html', { accept: '*/*', 'user-agent': PHONE }],
		['html', { accept: '*/*', 'user-agent': 'node', 'sec-fetch-dest': 'document' }],
	])('is %s for a caller with %j', async (type, headers: Record<string, string>) => {
		const server = await listen();
		const ref = await makePayment(stage.sandbox);
		await stage.sandbox.pay(ref);
		expect((await visit(server, `payment_ref=${ref}`, headers)).type).toContain(type);
	});
});

describe('Success URL and Fail URL', () => {
	const URLS = {
		successUrl: 'https://shop.example/thanks?lang=fr#top',
		failUrl: 'https://shop.example/sorry',
	};
	const addresses = { options: URLS };

	it('send the payer on by the state, with the payment’s id, after the execution is stored', async () => {
		let stored = 0;
		const server = await listen(addresses, {
			store: async () => {
				stored++;
			},
		});
		const ref = await makePayment(stage.sandbox);
		await stage.sandbox.pay(ref);
		for (let time = 0; time < 2; time++) {
			expect(await visit(server, `payment_ref=${ref}`)).toMatchObject({
				status: 302,
				location: `https://shop.example/thanks?lang=fr&payment_ref=${ref}#top`,
			});
			expect(stored).toBe(1);
		}
	});

	it('send the payer of a link that has run out on, and servers nowhere', async () => {
		const server = await listen(addresses);
		const ref = await makePayment(stage.sandbox);
		stage.sandbox.expire(ref);
		expect(await visit(server, `payment_ref=${ref}`)).toMatchObject({
			status: 302,
			location: `https://shop.example/sorry?payment_ref=${ref}`,
		});
		const headers = { accept: 'application/json' };
		expect((await visit(server, `payment_ref=${ref}`, headers)).status).toBe(200);
	});

	it('send the payer of a refused card on only where a watch looks on', async () => {
		const ref = await makePayment(stage.sandbox);
		await stage.sandbox.pay(ref, { card: 'failing' });
		const page = await visit(await listen(addresses), `payment_ref=${ref}`);
		expect(page).toMatchObject({ status: 503, heading: 'The payment did not go through' });
		const watching = await listen({ options: { ...URLS, keepLooking: 0.2 } });
		expect(await visit(watching, `payment_ref=${ref}`)).toMatchObject({
			status: 302,
			location: `https://shop.example/sorry?payment_ref=${ref}`,
		});
		await stage.sandbox.pay(ref);
		while (watching.executions.length === 0) await watching.changed();
		expect(watching.executions).toEqual([expect.objectContaining({ state: 'paid' })]);
	});

	it('never send anyone on for a call that is refused', async () => {
		const server = await listen(addresses);
		expect(await visit(server, 'payment_ref=1')).toMatchObject({ status: 400, location: null });
		const unknown = await visit(server, `payment_ref=${'0'.repeat(24)}`);
		expect(unknown).toMatchObject({ status: 404, location: null });
	});

	it('fall back on a page where an address cannot be used', async () => {
		const server = await listen({ options: { ...URLS, successUrl: 'javascript:alert(1)' } });
		const ref = await makePayment(stage.sandbox);
		await stage.sandbox.pay(ref);
		expect(await visit(server, `payment_ref=${ref}`)).toMatchObject({
			status: 200,
			location: null,
			heading: 'Payment received',
		});
	});
});
