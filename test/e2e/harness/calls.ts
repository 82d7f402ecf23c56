import { Agent } from 'node:http';
import fetch from 'node-fetch';
import { SANDBOX_ACCOUNTS, type InitRequest, type Sandbox } from '../../../sandbox/index';
import { poll } from '../../../scripts/n8n/poll';

const ANSWER_TIMEOUT_MS = 120_000;
/** How long a caller waits before it repeats a call. Konnect's own pause is not documented. */
const PAUSE_MS = 250;

// A connection kept open would break when a test restarts n8n on the same port.
const agent = new Agent({ keepAlive: false });

/** The answer to a call of a trigger's webhook. */
export interface CallAnswer {
	/** 0 where no answer came. */
	status: number;
	/** The word in our own answers; undefined in n8n's, and in pages. */
	result: string | undefined;
}

/** Calls a trigger as Konnect's server does, or as a browser, which is given a page. */
export async function call(url: string, ref: string, accept = '*/*'): Promise<CallAnswer> {
	try {
		const headers = { accept };
		const separator = url.includes('?') ? '&' : '?';
		const response = await fetch(`${url}${separator}payment_ref=${ref}`, { agent, headers });
		const text = await response.text();
		return { status: response.status, result: /"result":"(\w+)"/.exec(text)?.[1] };
	} catch {
		return { status: 0, result: undefined };
	}
}

/**
 * Calls once for each payment, all at once. The calls take turns at the URLs.
 *
 * @param turn which URL the first call is sent to
 */
export async function callAll(urls: string[], refs: string[], turn = 0): Promise<CallAnswer[]> {
	return await Promise.all(refs.map((ref, index) => call(at(urls, index + turn), ref)));
}

/** The last answer to a call that was repeated until it was answered. */
export interface LastAnswer extends CallAnswer {
	/** How often it was made. */
	calls: number;
}

/** Calls as `callAll` does, and repeats the calls that got no answer, or a status from 500 on. */
export async function callUntilAnswered(
	urls: string[],
	refs: string[],
	turn = 0,
): Promise<LastAnswer[]> {
	const last: LastAnswer[] = refs.map(() => ({ status: 0, result: undefined, calls: 0 }));
	const isOpen = ({ status }: CallAnswer) => status === 0 || status >= 500;
	let open = [...refs.keys()];
	const look = async () => {
		const refsOf = open.map((index) => refs[index] as string);
		const answers = await callAll(urls, refsOf, turn);
		answers.forEach((answer, n) => {
			const index = open[n] as number;
			last[index] = { ...answer, calls: (last[index]?.calls ?? 0) + 1 };
		});
		open = [...last.keys()].filter((index) => isOpen(last[index] as LastAnswer));
		return open.length === 0 ? last : undefined;
	};
	const late = () => `${open.length} calls were never answered`;
	return await poll(look, ANSWER_TIMEOUT_MS, late, PAUSE_MS);
}

export const at = (urls: string[], index: number) => urls[index % urls.length] as string;

/**
 * Makes payments that are paid. Nobody is told of them unless they have a webhook.
 *
 * @param settlesAfter ms after which the bank says that they are paid; `sandbox.settle` makes it say so earlier
 */
export async function paidPayments(
	sandbox: Sandbox,
	count: number,
	webhook?: string,
	settlesAfter?: number,
) {
	const refs: string[] = [];
	for (let index = 0; index < count; index++) {
		const ref = await makePayment(sandbox, webhook);
		await sandbox.pay(ref, { settlesAfter });
		refs.push(ref);
	}
	return refs;
}

/** Makes a payment that nobody has paid yet, of 12.500 TND by default. */
export async function makePayment(
	sandbox: Sandbox,
	webhook?: string,
	fields: Partial<InitRequest> = {},
): Promise<string> {
	const { apiKey, walletId: receiverWalletId } = SANDBOX_ACCOUNTS.merchant;
	const response = await fetch(`${sandbox.apiBaseUrl}/payments/init-payment`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
		body: JSON.stringify({ receiverWalletId, token: 'TND', amount: 12_500, webhook, ...fields }),
	});
	const { paymentRef } = (await response.json()) as { paymentRef: string };
	return paymentRef;
}
