import type { HttpBindings } from '@hono/node-server';
import { type Context as HttpContext, Hono } from 'hono';
import { setTimeout as delay } from 'node:timers/promises';
import { API_PATH, createApi, routeOf, type ApiCall } from './api';
import type { Context } from './context';
import { withFaults } from './faults';
import { pushBounded } from './store';
import type { RequestRecord } from './types';

/** Characters of an unreadable body that the log keeps. */
const LOGGED_TEXT = 10_000;

function parsedBody(text: string): unknown {
	if (text === '') return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return text.slice(0, LOGGED_TEXT);
	}
}

async function readCall(c: HttpContext): Promise<ApiCall> {
	const { method, path } = c.req;
	return {
		method,
		path,
		key: c.req.header('x-api-key'),
		contentType: c.req.header('content-type'),
		text: await c.req.text(),
	};
}

/** `/api/v2`: records each request, applies the faults and answers. */
export function apiRoutes(context: Context): Hono<{ Bindings: HttpBindings }> {
	const { store, faults, now, log, stop } = context;
	const answer = createApi(context);
	const wait = async (ms: number) => await delay(ms, undefined, { signal: stop }).catch(() => {});

	return new Hono<{ Bindings: HttpBindings }>().all(`${API_PATH}/*`, async (c) => {
		const call = await readCall(c);
		const record: RequestRecord = {
			method: call.method,
			path: call.path,
			headers: c.req.header(),
			body: parsedBody(call.text),
			status: 0,
			at: now(),
		};
		pushBounded(store.requests, record);

		const hit = faults.take(routeOf(call).kind);
		const { response, paymentRef } = await withFaults(hit, () => answer(call), wait);
		if (paymentRef) record.paymentRef = paymentRef;
		const line = `request ${call.method} ${call.path.slice(API_PATH.length)}`;
		if (response === 'cut') {
			log(`${line} → connection cut`);
			c.env.incoming.socket.destroy();
			return c.body(null);
		}
		record.status = response.status;
		log(
			`${line} → ${response.status}${call.method === 'POST' && paymentRef ? ` ${paymentRef}` : ''}`,
		);
		return response;
	});
}
