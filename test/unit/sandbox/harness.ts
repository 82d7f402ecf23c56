import fetch from 'node-fetch';
import {
	SANDBOX_ACCOUNTS,
	startSandbox,
	type Sandbox,
	type SandboxOptions,
} from '../../../sandbox';

export const { merchant, unvalidated, other } = SANDBOX_ACCOUNTS;

/** An answer as a test looks at it. */
export interface Answer {
	status: number;
	headers: Record<string, string>;
	text: string;
	json: () => Record<string, unknown>;
}

export interface Call {
	method?: string;
	headers?: Record<string, string>;
	body?: string;
}

/** One request that follows no redirect. */
export async function call(url: string, options: Call = {}): Promise<Answer> {
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

export interface Client {
	sandbox: Sandbox;
	/** Sends init-payment with the merchant's key. */
	init(fields?: Record<string, unknown>, key?: string): Promise<Answer>;
	/** Makes a payment and gives its ref. */
	make(fields?: Record<string, unknown>): Promise<string>;
	get(ref: string, key?: string): Promise<Answer>;
	/** The payment in the body of GET. */
	read(ref: string): Promise<Record<string, unknown>>;
}

export function clientOf(sandbox: Sandbox): Client {
	const init: Client['init'] = async (fields = {}, key = merchant.apiKey) =>
		await call(
			`${sandbox.apiBaseUrl}/payments/init-payment`,
			asJson('POST', { ...order, ...fields }, { 'x-api-key': key }),
		);
	const get: Client['get'] = async (ref, key = merchant.apiKey) =>
		await call(`${sandbox.apiBaseUrl}/payments/${ref}`, {
			headers: key ? { 'x-api-key': key } : {},
		});
	return {
		sandbox,
		init,
		get,
		async make(fields) {
			const answer = await init(fields);
			if (answer.status !== 200) throw new Error(answer.text);
			return String(answer.json().paymentRef);
		},
		read: async (ref) => (await get(ref)).json().payment as Record<string, unknown>,
	};
}

/** A sandbox for the tests of a file: started once, reset after each. */
export function useSandbox(options: SandboxOptions = {}): Client {
	const client = {} as Client;
	beforeAll(async () => {
		Object.assign(client, clientOf(await startSandbox(options)));
	});
	afterEach(() => client.sandbox.reset());
	afterAll(async () => await client.sandbox.close());
	return client;
}

export const UNKNOWN_REF = '0123456789abcdef01234567';
