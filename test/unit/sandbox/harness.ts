import fetch from 'node-fetch';
import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
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

function clientOf(sandbox: Sandbox): Client {
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

export interface Shop {
	url: string;
	/** Method and URL of each call received, oldest first. */
	calls: string[];
	/** HTTP status that calls are answered with. */
	status: number;
	/** Has calls wait for their answer until `release`. */
	hold(): void;
	/** Lets the calls have their answer, once one has come. */
	release(): Promise<void>;
}

/** A merchant's server that takes webhooks, emptied after each test. */
export function useShop(): Shop {
	let answering = Promise.resolve();
	let letGo = () => {};
	const arrivals = new EventEmitter();
	const shop: Shop = {
		url: '',
		calls: [],
		status: 200,
		hold() {
			answering = new Promise((resolve) => (letGo = resolve));
		},
		async release() {
			if (shop.calls.length === 0) await once(arrivals, 'call');
			letGo();
		},
	};
	let server: Server;
	beforeAll(async () => {
		server = createServer((request, response) => {
			shop.calls.push(`${request.method} ${request.url}`);
			arrivals.emit('call');
			void answering.then(() => {
				response.writeHead(shop.status, { 'x-shop': 'yes' }).end('thanks');
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		shop.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});
	afterEach(() => {
		shop.calls.length = 0;
		shop.status = 200;
	});
	afterAll(async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	});
	return shop;
}

export const UNKNOWN_REF = '0123456789abcdef01234567';
