import { ACCOUNTS } from './accounts';
import { paymentBody } from './bodies';
import type { Context } from './context';
import {
	failure,
	invalidKey,
	malformedId,
	organisationNotValidated,
	paymentNotFound,
	routeNotFound,
	tooManyRequests,
	unreadableBody,
	type ApiAnswer,
	type ApiError,
} from './errors';
import type { RequestKind } from './faults';
import { newPayment } from './payments';
import type { SandboxAccount } from './types';
import { isObjectId, validateInit } from './validation';

export const API_PATH = '/api/v2';

/** A request to the API in plain values. */
export interface ApiCall {
	method: string;
	/** Path without query. */
	path: string;
	key?: string;
	contentType?: string;
	text: string;
}

interface Route {
	kind: RequestKind;
	/** Id of the payment, undecoded, for `get`. */
	id?: string;
}

/** Which endpoint a request is for. */
export function routeOf({ method, path }: Pick<ApiCall, 'method' | 'path'>): Route {
	const rest = path.slice(API_PATH.length);
	if (method === 'POST' && rest === '/payments/init-payment') return { kind: 'init' };
	const id = /^\/payments\/([^/]+)$/.exec(rest)?.[1];
	return method === 'GET' && id !== undefined ? { kind: 'get', id } : { kind: 'other' };
}

type Keyed =
	{ account: SandboxAccount; refusal?: undefined } | { account?: undefined; refusal: ApiAnswer };

function authenticate({ quirks }: Context, key: string | undefined): Keyed {
	const { keyStatus = 401 } = quirks;
	const account = ACCOUNTS.find(({ apiKey }) => apiKey === key);
	if (!account) return { refusal: { ...invalidKey(), status: keyStatus } };
	if (account.validated) return { account };
	return { refusal: { ...organisationNotValidated(), status: keyStatus } };
}

/** The JSON object of a body, or undefined. */
function jsonObject(text: string): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(text);
		const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
		return isObject ? (value as Record<string, unknown>) : undefined;
	} catch {
		return undefined;
	}
}

function initPayment(context: Context, { key, contentType, text }: ApiCall): ApiAnswer {
	const { refusalStatus = 400, hidesFields, fieldsFirst, defaultToken } = context.quirks;
	const keyed = authenticate(context, key);
	if (keyed.refusal && !fieldsFirst) return keyed.refusal;
	if (!/^application\/json\b/i.test(contentType ?? '')) {
		return unreadableBody('The body must be sent as application/json.');
	}
	const body = jsonObject(text);
	if (!body) return unreadableBody('The body is not a JSON object.');

	const wallets = ACCOUNTS.map(({ walletId }) => walletId);
	const { request, errors } = validateInit(body, wallets, context.quirks);
	if (errors) return failure(refusalStatus, hidesFields ? errors.map(withoutField) : errors);
	if (keyed.refusal) return keyed.refusal;
	const named = defaultToken ? { token: defaultToken, ...request } : request;
	const payment = newPayment(named, keyed.account.name, context.now());
	context.store.addPayment(payment);
	const paymentRef = payment.ref;
	return { status: 200, body: { payUrl: context.payUrl(payment), paymentRef }, paymentRef };
}

function getPayment(context: Context, { key }: ApiCall, id: string): ApiAnswer {
	const { account, refusal } = authenticate(context, key);
	if (context.settings.getKey === 'required' && refusal) return refusal;
	if (!isObjectId(id)) return malformedId(id);
	// Any valid key reads any payment: nothing on record says that Konnect hides it from other merchants.
	const payment = context.store.find(id);
	if (!payment) return paymentNotFound();
	const isOthers = payment.account !== account?.name;
	if (isOthers && context.quirks.ownPaymentsOnly) return paymentNotFound();
	const body = paymentBody(payment, context.settings.shape, context);
	return { status: 200, body, paymentRef: payment.ref };
}

const withoutField = ({ code, target, message }: ApiError): ApiError => ({ code, target, message });

const MINUTE = 60_000;

/**
 * Counts the requests of the last minute by key.
 * @param limit requests per minute
 * @returns a function that says how many seconds to wait, or undefined when the request may pass
 */
function createRateLimit(limit: number | undefined, now: () => number) {
	const passed = new Map<string, number[]>();
	return (key: string): number | undefined => {
		if (limit === undefined) return undefined;
		const since = now() - MINUTE;
		const recent = (passed.get(key) ?? []).filter((at) => at > since);
		const full = recent.length >= limit;
		if (!full) recent.push(now());
		passed.set(key, recent);
		const oldest = recent[0] ?? now();
		return full ? Math.max(1, Math.ceil((oldest - since) / 1000)) : undefined;
	};
}

/** The API without its faults: one call in, one answer out. */
export function createApi(context: Context): (call: ApiCall) => ApiAnswer {
	const secondsToWait = createRateLimit(context.rateLimit, context.now);
	return (call) => {
		// Unknown keys share one count, so that made-up keys cannot fill the memory.
		const known = ACCOUNTS.some(({ apiKey }) => apiKey === call.key);
		const wait = secondsToWait(known ? String(call.key) : '');
		if (wait !== undefined) return tooManyRequests(wait);
		const { kind, id } = routeOf(call);
		if (kind === 'init') return initPayment(context, call);
		return id === undefined ? routeNotFound() : getPayment(context, call, id);
	};
}
