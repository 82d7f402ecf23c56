import fc from 'fast-check';

import { toWebhook, toWebUrl, webhookUrlHint } from '../../../nodes/Konnect/payment/webhookUrl';
import { problemOf, valueOf } from '../../fixtures/results';

const PUBLIC = 'https://n8n.example.com/webhook/0f1e/konnect';

describe('the webhook of an example', () => {
	it.each([
		'https://your-n8n.example.com/',
		'https://n8n.shop.tn/webhook/your-trigger/konnect',
		'https://n8n.shop.tn/webhook/…/konnect',
	])('is refused by its name, with what to do: %s', (webhook) => {
		const { message, description } = problemOf(toWebhook(webhook, 'Webhook URL'));
		expect(message).toBe(`'Webhook URL' is still the placeholder: "${webhook}"`);
		expect(description).toContain('copy its production URL');
	});

	it('is not one that only sounds like it', () => {
		const webhook = 'https://n8n.shop.tn/webhook/your-trigger-2/konnect?from=your-trigger';
		expect(valueOf(toWebhook(webhook, 'Webhook URL'))).toBe(webhook);
	});

	it.each(['', 'localhost:5678/webhook', false, null])('is refused as %p', (webhook) => {
		const { message } = problemOf(toWebhook(webhook, 'Webhook URL'));
		expect(message).toMatch(/^'Webhook URL' is (empty|not a web address: .+)$/);
	});
});

describe('a web address', () => {
	it.each([
		'http://n8n.example.com',
		'HTTPS://n8n.example.com/webhook/1?cart_id=6670',
		'http://[::1]:5678/webhook/1',
		'https://شبكة.example/webhook',
		'https://shop.example/👩‍💻',
	])('is taken as it was typed, without spaces around it and invisible characters: %s', (text) => {
		for (const unseen of ['', '\u200b', '\u200e', '\u00ad', '\u202c']) {
			const pasted = ` ${unseen}${text.slice(0, 9)}${unseen}${text.slice(9)}${unseen}\n`;
			expect(valueOf(toWebUrl(pasted, 'Webhook URL'))).toBe(text);
		}
	});

	it.each([
		'',
		'/webhook/1',
		'https:n8n.example.com',
		'https:///webhook/1',
		'ftp://n8n.example.com',
		`javascript:"${PUBLIC}"`,
		'https://a b.example.com',
		42,
		null,
		[PUBLIC],
	])('is not %p', (input) => {
		const { message, description } = problemOf(toWebUrl(input, 'Success URL'));
		expect(message).toMatch(/^'Success URL' is (empty|not a web address: .+)$/);
		expect(description).toContain('https://');
	});

	it('can always be read as an address once it is accepted', () => {
		fc.assert(
			fc.property(fc.oneof(fc.anything(), fc.webUrl(), fc.string()), (input) => {
				const result = toWebUrl(input, 'Webhook URL');
				if (result.ok) expect(new URL(result.value).protocol).toMatch(/^https?:$/);
			}),
		);
	});
});

describe('a hint on the webhook', () => {
	it.each([
		...['localhost', 'localhost.', 'n8n.localhost.', 'laptop.local', 'nas.lan', 'n8n.internal'],
		...['n8n.localdomain', 'n8n.test', '100.64.0.1', '100.127.255.255'],
		...['n8n.home.arpa', '0.0.0.0', '127.0.0.1', '10.255.255.255', '169.254.10.20'],
		...['172.16.0.1', '172.20.0.1', '172.31.255.255', '192.168.1.10:5678'],
		...['[::]', '[::1]', '[fc00::1]', '[fcff:1::2]', '[fd12:3456::1]', '[fe80::1]', '[febf::1]'],
		...['[::ffff:10.255.0.1]', '[::ffff:127.255.0.1]', '[::ffff:169.254.0.1]'],
		...['[::ffff:172.16.0.1]', '[::ffff:172.31.0.1]', '[::ffff:192.168.0.1]'],
	])('tells, in the sandbox too, that Konnect cannot reach %s', (host) => {
		const hint = webhookUrlHint(`http://${host}/webhook/1`, {});
		expect(hint).toMatch(/Konnect cannot reach/);
		expect(hint).toContain('WEBHOOK_URL');
	});

	it.each([
		...['n8n.example.com', 'n8n.local.example', 'n8n.mylan', '110.0.0.1', '169.253.0.1'],
		...['100.63.0.1', '100.128.0.1'],
		...['10.0.0.1.nip.io', '169.254.1.1.nip.io', '172.16.0.1.nip.io', '192.168.0.1.nip.io'],
		...['172.15.255.255', '172.32.0.1', '192.169.0.1', '[::12]', '[fb00::1]', '[fe00::1]'],
		...['[fec0::1]', '[2001:db8::1]'],
		...['[::ffff:161.0.0.1]', '[::ffff:172.15.0.1]', '[::ffff:192.167.0.1]'],
	])('is not given for %s, which is not an address of a private network', (host) => {
		expect(webhookUrlHint(`https://${host}/webhook/1`, {})).toBeUndefined();
	});

	it.each([
		['https://n8n.example.com//webhook/1/konnect', /two slashes/],
		[
			'https://n8n.example.com/webhook-test/1/konnect',
			/test URL.*production URL of Konnect Trigger/,
		],
		['https://example.com/n8n/webhook-test/1/konnect', /test URL/],
		['https://n8n.example.com/webhook-waiting/17', /not the address of a Konnect Trigger/],
		['https://n8n.example.com/form-waiting/17', /not the address of a Konnect Trigger/],
		['https://n8n.example.com/form/1', /not the address of a Konnect Trigger/],
		['https://n8n.example.com/rest/workflows', /not the address of a Konnect Trigger/],
		['https://n8n.example.com/workflow/AbC123', /editor/],
		['https://n8n.example.com/home', /editor/],
		['https://n8n.example.com/projects/1/workflows', /editor/],
		['https://n8n.example.com/', /editor/],
		['https://a1b2.ngrok-free.app/webhook/1/konnect', /ngrok.*'Silent Webhook'/],
		['https://a1b2.ngrok-free.dev/webhook/1/konnect', /ngrok/],
		['https://a1b2.ngrok.io/webhook/1/konnect', /ngrok/],
	])('of %s tells what is wrong and what to do', (webhook, hint) => {
		expect(webhookUrlHint(webhook, {})).toMatch(hint);
	});

	it.each([
		'https://n8n.example.com/webhook/webhook-test-1?path=/webhook-test/',
		'https://n8n.example.com/webhook/my-test/konnect',
		'https://n8n.example.com/webhook/form/konnect?x=//',
		'https://n8n.example.com/webhook/home/konnect',
		'https://shop.example/api/notification_payment',
		'https://shop.example/workflows',
		'https://pay.ngrok.app/webhook/1/konnect',
		'https://ngrok-free.app.example/webhook/1/konnect',
	])('is not given for %s', (webhook) => {
		expect(webhookUrlHint(webhook, {})).toBeUndefined();
	});

	it.each([
		['https://n8n.example.com/webhook-waiting/17', 'isOwnExecution'],
		['https://a1b2.ngrok-free.app/webhook/1/konnect', 'isSilent'],
		['http://localhost:5678/webhook/1', 'isCustomEnvironment'],
	] as const)('is not given for %s where it is right: %s', (webhook, circumstance) => {
		expect(webhookUrlHint(webhook, { [circumstance]: true })).toBeUndefined();
	});

	it('tells of the host where the path is that of this execution', () => {
		const hint = webhookUrlHint('http://localhost/webhook-waiting/17', { isOwnExecution: true });
		expect(hint).toMatch(/cannot reach the webhook at "localhost"/);
	});
});
