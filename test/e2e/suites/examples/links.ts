import fetch from 'node-fetch';
import { publishExample, USER_AGENT } from '../../harness';
import type { ExampleShop } from './shop';

/** Programs that open a link in a message to show a preview of it. */
const PREVIEWS = [
	'WhatsApp/2.24.1.78 A',
	'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
	'TelegramBot (like TwitterBot)',
];
const LINKS = ['buy', 'order?order=PREVIEW&product=ticket', 'order-by-chat'];

/** The links that people are sent: `sell-by-link.json`, and what the suites before this one have published. */
export function linksSuite(shop: () => ExampleShop): void {
	beforeAll(async () => {
		const { webhook } = shop();
		await publishExample(shop(), 'sell-by-link', { 'Init Payment': { parameters: { webhook } } });
	});

	const open = async (link: string, headers: Record<string, string> = {}) =>
		await fetch(`${shop().n8n.webhookUrl}/${link}`, {
			headers: { 'user-agent': USER_AGENT, ...headers },
			redirect: 'manual',
		});

	it.each(LINKS)('makes a payment for a person, and none for a link preview: %s', async (link) => {
		const { sandbox } = shop();
		const before = sandbox.payments().length;
		for (const preview of PREVIEWS) {
			expect((await open(link, { 'user-agent': preview })).status).toBe(403);
		}
		expect(sandbox.payments()).toHaveLength(before);
		await open(link);
		expect(sandbox.payments()).toHaveLength(before + 1);
	});

	it.each([
		['buy', 'fr', 'Pas pour le moment'],
		['order-by-chat', 'ar-TN,fr;q=0.5', 'ليس الآن'],
	])(
		'says in the payer’s language that Konnect is away: %s (%s)',
		async (link, language, words) => {
			const { sandbox } = shop();
			sandbox.setFaults({ status: 503, match: 'init' });
			const answer = await open(link, { 'accept-language': language });
			sandbox.clearFaults();
			expect(answer.status).toBe(503);
			expect(await answer.text()).toContain(words);
		},
	);
}
