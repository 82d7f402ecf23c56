import fetch, { type RequestInit } from 'node-fetch';
import { SANDBOX_ACCOUNTS, startSandbox } from '../../../sandbox';
import type { Sandbox, SandboxOptions } from '../../../sandbox';

export const { merchant, other } = SANDBOX_ACCOUNTS;

/** One request that follows no redirect. */
export async function call(url: string, options: RequestInit = {}) {
	const answer = await fetch(url, { redirect: 'manual', ...options });
	const text = await answer.text();
	return {
		status: answer.status,
		headers: Object.fromEntries(answer.headers),
		text,
		json: () => JSON.parse(text) as Record<string, unknown>,
	};
}

export const asJson = (method: string, value: unknown, headers: Record<string, string> = {}) => ({
	method,
	headers: { 'content-type': 'application/json', ...headers },
	body: JSON.stringify(value),
});

/** A request of init-payment that is accepted. */
export const order = { receiverWalletId: merchant.walletId, amount: 10_000, token: 'TND' };

/** What the tests ask of a sandbox, with the merchant's key by default. */
export function clientOf(sandbox: Sandbox) {
	const init = async (fields: object = {}, key = merchant.apiKey) =>
		await call(
			`${sandbox.apiBaseUrl}/payments/init-payment`,
			asJson('POST', { ...order, ...fields }, { 'x-api-key': key }),
		);
	const get = async (ref: string, key = merchant.apiKey) =>
		await call(`${sandbox.apiBaseUrl}/payments/${ref}`, {
			headers: key ? { 'x-api-key': key } : {},
		});
	return {
		sandbox,
		init,
		get,
		/** Makes a payment and gives its ref. */
		async make(fields?: object) {
			const answer = await init(fields);
			if (answer.status !== 200) throw new Error(answer.text);
			return String(answer.json().paymentRef);
		},
		/** The payment in the body of GET. */
		read: async (ref: string) => (await get(ref)).json().payment as Record<string, unknown>,
	};
}

/** A sandbox for the tests of a file: started once, reset after each. */
export function useSandbox(options: SandboxOptions = {}) {
	const client = {} as ReturnType<typeof clientOf>;
	beforeAll(async () => {
		Object.assign(client, clientOf(await startSandbox(options)));
	});
	afterEach(() => client.sandbox.reset());
	afterAll(async () => await client.sandbox.close());
	return client;
}
