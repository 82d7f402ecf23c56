import { misfit } from './parameters';
import type { Result } from './result';
import { ok, refuse } from './result';

/** Reads an absolute http or https address: the only kind that Konnect, or a payer's browser, can follow. */
export function toWebUrl(input: unknown, label: string): Result<string> {
	const text = typeof input === 'string' ? input.trim() : '';
	if (/^https?:\/\/[^/]/i.test(text) && URL.canParse(text)) return ok(text);
	return refuse(
		misfit(input, `'${label}'`, 'a web address'),
		'Give a whole address that starts with https:// (or http://), such as https://n8n.example.com/webhook/….',
	);
}

/** What a person should know about a webhook address that is allowed but may never be called; undefined if nothing. */
export function webhookUrlHint(webhook: string, environment: string): string | undefined {
	const { hostname, pathname } = new URL(webhook);
	if (pathname.includes('/webhook-test/')) {
		return "The webhook is n8n's test URL, which answers only for two minutes after 'Listen for test event' and only once. Use the production URL of Konnect Trigger for payments that matter.";
	}
	if (environment === 'production' && isLocalHost(hostname)) {
		return `Konnect cannot reach the webhook at "${hostname}", an address of your own machine or network. Use the public address of your n8n (the setting N8N_WEBHOOK_URL or WEBHOOK_URL), or a tunnel.`;
	}
	return undefined;
}

/** Names and addresses that mean nothing outside a machine or its network (RFC 1918, 3927, 4193, 4291, 6761, 6762). */
const LOCAL_HOSTS: readonly RegExp[] = [
	/^[^.:[\]]+$/,
	/\.(localhost|local|lan|internal|home\.arpa)$/,
	/^(0|10|127)(\.\d+){3}$/,
	/^169\.254(\.\d+){2}$/,
	/^172\.(1[6-9]|2\d|3[01])(\.\d+){2}$/,
	/^192\.168(\.\d+){2}$/,
	/^\[(::1?|f[cd][0-9a-f]{2}:.*|fe[89ab][0-9a-f]:.*)\]$/,
	/^\[::ffff:(0?a[0-9a-f]{2}|7f[0-9a-f]{2}|c0a8|a9fe|ac1[0-9a-f]):/,
];

const isLocalHost = (hostname: string) =>
	LOCAL_HOSTS.some((pattern) => pattern.test(hostname.toLowerCase().replace(/\.$/, '')));
