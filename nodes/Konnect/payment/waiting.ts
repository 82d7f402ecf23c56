import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { OutputForm } from './expectations';
import { isRecord } from './result';
import type { PaymentState } from './state';

/**
 * What an execution that waits for payments has to know when it goes on. It is stored with the execution, so later versions of
 * this package must understand it.
 */
export interface Waiting {
	/** Names this wait: an execution may wait several times, as in a loop. */
	key: string;
	/** When the execution goes on by itself: epoch in ms. */
	until: number;
	/** One for each input item, in their order. */
	items: WaitingItem[];
}

export type WaitingItem = (AwaitedPayment | { output: IDataObject }) & {
	/** The item's files. n8n stores their contents elsewhere, and here only references to them. */
	binary?: IBinaryKeyData;
};

/** How the calls for a payment are answered. */
export interface CallSettings {
	/** Milliseconds until a server has its answer, and for each answer of Konnect. */
	timeout: number;
	/** Where the payer's browser is sent when the payment is paid, and when it is not. Empty: it gets our page. */
	successUrl: string;
	failUrl: string;
}

/** An item that goes on when its payment is in one of the states. */
export interface AwaitedPayment extends OutputForm {
	/** 24 hexadecimal characters, lower case. */
	paymentId: string;
	resumeOn: PaymentState[];
	calls: CallSettings;
	/** What the item carried when it came, if the output is to include it. */
	input?: IDataObject;
}

export const isAwaited = (item: WaitingItem): item is AwaitedPayment => 'paymentId' in item;

/** The outputs as n8n's items, with the files that the waiting items carried. */
export const withFiles = (
	outputs: readonly IDataObject[],
	carriers: ReadonlyArray<{ binary?: IBinaryKeyData }>,
): INodeExecutionData[] =>
	outputs.map((json, item) => {
		const { binary } = carriers[item] ?? {};
		return { json, pairedItem: { item }, ...(binary && { binary }) };
	});

/** Reads back what was stored, perhaps by another version of this package. Undefined if nothing waits or a part is unreadable. */
export function readWaiting(stored: unknown): Waiting | undefined {
	if (
		!isRecord(stored) ||
		typeof stored.key !== 'string' ||
		typeof stored.until !== 'number' ||
		!Array.isArray(stored.items)
	) {
		return undefined;
	}
	const isItem = (item: unknown) =>
		isRecord(item) &&
		(isRecord(item.output) ||
			(typeof item.paymentId === 'string' && Array.isArray(item.resumeOn) && isRecord(item.calls)));
	return stored.items.every(isItem) ? (stored as unknown as Waiting) : undefined;
}
