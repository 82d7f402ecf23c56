import { describe, misfit } from './parameters';
import type { Result } from './result';
import { ok, refuse } from './result';

/** Without the invisible characters that come along when an address is copied from a chat. Joiners can be part of a word. */
export const addressIn = (input: unknown) =>
	typeof input === 'string' ? input.replace(/(?![\u200c\u200d])\p{C}/gu, '').trim() : '';

/** Reads an absolute http or https address: the only kind that Konnect, or a payer's browser, can follow. */
export function toWebUrl(input: unknown, label: string): Result<string> {
	const text = addressIn(input);
	if (/^https?:\/\/[^/]/i.test(text) && URL.canParse(text)) return ok(text);
	return refuse(
		misfit(input, `'${label}'`, 'a web address'),
		'Give a whole address that starts with https:// (or http://), such as https://n8n.example.com/webhook/….',
	);
}

/** Reads the address of a webhook: a web address that is not the placeholder of an example. */
export function toWebhook(input: unknown, label: string): Result<string> {
	const address = toWebUrl(input, label);
	if (!address.ok || !PLACEHOLDER.test(address.value)) return address;
	return refuse(
		`'${label}' is still the placeholder: ${describe(address.value)}`,
		"The payment would go unnoticed. Open the Konnect Trigger that it should start, copy its production URL from 'Webhook URLs', and paste it here.",
	);
}

const PLACEHOLDER =
	/\/\/your-n8n\.example\.com|\/your-trigger(?:[/?#]|$)|\/(?:…|%E2%80%A6)(?:[/?#]|$)/i;

/** Schemes that belong to no app. Some of them run code or open files. */
const NO_APP = /^(?:https?|javascript|data|file|vbscript|blob|ftp|about):/i;

const APP_URL = /^[a-z][a-z\d+.-]*:\/\/\S+$/i;

/** Reads the address to which the payer is sent: a web address, or one in an app's own scheme such as myapp://paid. */
export function toReturnUrl(input: unknown, label: string): Result<string> {
	const text = addressIn(input);
	const isOfApp = APP_URL.test(text) && !NO_APP.test(text);
	return isOfApp && URL.canParse(text) ? ok(text) : toWebUrl(input, label);
}

/** What decides whether some hints apply. */
interface Circumstances {
	isOwnExecution?: boolean;
	/** Konnect's server calls, not the payer's browser. */
	isSilent?: boolean;
	/** Konnect may be on this machine. */
	isCustomEnvironment?: boolean;
}

/** What a person should know about a webhook address that is allowed but may never be called; undefined if nothing. */
export function webhookUrlHint(webhook: string, circumstances: Circumstances): string | undefined {
	const url = new URL(webhook);
	const [, text] = HINTS.find(([isMeant]) => isMeant(url, circumstances)) ?? [];
	return text?.replace('HOST', url.hostname);
}

/** Names and addresses that mean nothing outside a machine or its network (RFC 1918, 3927, 4193, 4291, 6598, 6761, 6762). */
const LOCAL_HOSTS: readonly RegExp[] = [
	/^[^.:[\]]+\.?$/,
	/\.(localhost|localdomain|local|lan|internal|home\.arpa|test)\.?$/,
	/^(0|10|127)(\.\d+){3}$/,
	/^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])(\.\d+){2}$/,
	/^169\.254(\.\d+){2}$/,
	/^172\.(1[6-9]|2\d|3[01])(\.\d+){2}$/,
	/^192\.168(\.\d+){2}$/,
	/^\[(::1?|f[cd][0-9a-f]{2}:.*|fe[89ab][0-9a-f]:.*)\]$/,
	/^\[::ffff:(0?a[0-9a-f]{2}|7f[0-9a-f]{2}|c0a8|a9fe|ac1[0-9a-f]):/,
];

type Hint = [isMeant: (url: URL, circumstances: Circumstances) => boolean, text: string];

/** HOST stands for the host of the address. n8n's endpoints can have other names (`/hook-test/`) and a path before them. */
const HINTS: readonly Hint[] = [
	[
		({ pathname }) => pathname.includes('//'),
		"The webhook has two slashes in a row in its path. n8n answers such an address with the editor's page and starts nothing, so the payment goes unnoticed. Remove one slash; it may come from the end of the setting WEBHOOK_URL.",
	],
	[
		({ pathname }) => /^\/(?:(?!webhook\/)[^/]+\/)?[\w-]+-test\//.test(pathname),
		"The webhook is n8n's test URL, which answers only for two minutes after 'Execute step' and only once. Use the production URL of Konnect Trigger for payments that matter.",
	],
	[
		({ pathname }, { isOwnExecution }) =>
			/^\/(?:(?!webhook\/)[^/]+\/)?(?:[\w-]+-waiting|form|rest)\//.test(pathname) &&
			!isOwnExecution,
		"The webhook is not the address of a Konnect Trigger: n8n uses that address for something else and starts no workflow. Copy the production URL from 'Webhook URLs' of the Konnect Trigger.",
	],
	[
		({ pathname }) =>
			pathname === '/' ||
			/^\/(?:(?!webhook\/)[^/]+\/)?(?:home|workflow|projects)(?:\/|$)/.test(pathname),
		"The webhook looks like the address of n8n's editor, which starts no workflow. Copy the production URL from 'Webhook URLs' of the Konnect Trigger.",
	],
	[
		({ hostname }, { isCustomEnvironment }) =>
			LOCAL_HOSTS.some((one) => one.test(hostname)) && !isCustomEnvironment,
		'Konnect cannot reach the webhook at "HOST", an address of your own machine or network. Use the public address of your n8n (the setting N8N_WEBHOOK_URL or WEBHOOK_URL), or a tunnel.',
	],
	[
		({ hostname }, { isSilent }) =>
			/\.ngrok(?:-free\.(?:app|dev)|\.io)$/.test(hostname) && !isSilent,
		"A free ngrok address shows browsers a warning page first, and without 'Silent Webhook' it is the payer's browser that calls the webhook. Turn on 'Silent Webhook', or use another tunnel.",
	],
];
