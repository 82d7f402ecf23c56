import fetch from 'node-fetch';
import type { FaultPlan } from './faults';
import { pushBounded, type Store } from './store';
import type { Delivery, SandboxPayment } from './types';
import { asLocation, withPaymentRef } from './urls';

/** Ms. Konnect's own limit is not documented. */
const TIMEOUT = 30_000;
/** Bytes of a webhook's answer that are read; more is recorded as an error. */
const ANSWER_LIMIT = 1_000_000;

export interface Webhooks {
	/**
	 * Tells the merchant about an attempt to pay. The fault `calls`, or else `silentWebhook`, decides who calls the webhook.
	 * @returns where the payer's browser goes, if anywhere
	 */
	notify(payment: SandboxPayment, failed: boolean): Promise<string | undefined>;
	/** Calls a payment's webhook once, whatever its mode. Undefined when it has none. */
	call(payment: SandboxPayment): Promise<Delivery> | undefined;
	/** Forgets calls held back by `outOfOrderWebhooks`. */
	clear(): void;
}

export interface WebhookContext {
	store: Store;
	faults: FaultPlan;
	/** Epoch in ms. */
	now: () => number;
	log: (line: string) => void;
	stop: AbortSignal;
}

/** Sends one GET, and writes the answer or the error into the delivery. */
async function send(delivery: Delivery, stop: AbortSignal): Promise<void> {
	const controller = new AbortController();
	const giveUp = () => controller.abort();
	const timer = setTimeout(giveUp, TIMEOUT);
	stop.addEventListener('abort', giveUp);
	try {
		const answer = await fetch(delivery.url, {
			redirect: 'manual',
			size: ANSWER_LIMIT,
			signal: controller.signal,
			headers: { 'user-agent': 'konnect-sandbox' },
		});
		delivery.status = answer.status;
		delivery.headers = Object.fromEntries(answer.headers);
		delivery.body = await answer.text();
	} catch (error) {
		delivery.error = error instanceof Error ? error.message : String(error);
	} finally {
		clearTimeout(timer);
		stop.removeEventListener('abort', giveUp);
	}
}

export function createWebhooks({ store, faults, now, log, stop }: WebhookContext): Webhooks {
	const held = new Map<string, string>();

	const record = (paymentRef: string, url: string, mode: Delivery['mode']) => {
		const delivery: Delivery = { paymentRef, url, mode, at: now() };
		pushBounded(store.deliveries, delivery);
		return delivery;
	};

	const callUrl = async (ref: string, url: string) => {
		const delivery = record(ref, url, 'silent');
		await send(delivery, stop);
		log(`webhook ${ref} → ${delivery.error ?? delivery.status} ${url}`);
		return delivery;
	};

	const callTimes = (ref: string, url: string, times: number) =>
		Promise.all(Array.from({ length: times }, async () => await callUrl(ref, url)));

	/** Makes the silent calls for one event, in the number and order that the faults ask for. */
	const callSilently = async (ref: string, url: string, failed: boolean) => {
		const { duplicateWebhooks = 0, outOfOrderWebhooks = false } = faults.current();
		const earlier = held.get(ref);
		if (failed && outOfOrderWebhooks && earlier === undefined) {
			held.set(ref, url);
			return;
		}
		held.delete(ref);
		await callTimes(ref, url, 1 + duplicateWebhooks);
		if (earlier !== undefined) await callUrl(ref, earlier);
	};

	return {
		async notify({ ref, request }, failed) {
			const url = request.webhook && asLocation(withPaymentRef(request.webhook, ref));
			const { calls = request.silentWebhook ? 'server' : 'browser' } = faults.current();
			if (url && calls === 'serverFirst') await callSilently(ref, url, failed);
			if (url && calls !== 'server') {
				record(ref, url, 'redirect');
				log(`payer   ${ref} → ${url}`);
				// Not awaited, so that the payer's browser calls at the same time.
				if (calls === 'both') void callSilently(ref, url, failed);
				if (calls === 'browser') await callTimes(ref, url, faults.current().duplicateWebhooks ?? 0);
				return url;
			}
			if (url) await callSilently(ref, url, failed);
			// Konnect ignores successUrl and failUrl where it sends the payer to the webhook.
			const back = failed ? request.failUrl : request.successUrl;
			return back === undefined ? undefined : asLocation(withPaymentRef(back, ref));
		},
		call({ ref, request }) {
			const url = request.webhook && asLocation(withPaymentRef(request.webhook, ref));
			return url ? callUrl(ref, url) : undefined;
		},
		clear: () => held.clear(),
	};
}
