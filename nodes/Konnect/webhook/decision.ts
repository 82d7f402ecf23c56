import type { IDataObject } from 'n8n-workflow';

import type { Failure } from '../api/errors';
import type { Problem } from '../payment/result';
import type { EventState } from './event';
import type { Claim } from './state/locks';

/** What a call comes to. The first check that fails decides. */
export type Decision =
	/** No payment is named. Nothing was asked of anyone. */
	| { kind: 'malformed'; reason: string }
	/** The webhook's address does not have our signature. Konnect was not asked. */
	| { kind: 'unsigned'; reason: string }
	/** Konnect knows no such payment. Nothing is remembered of it. */
	| { kind: 'notFound'; reason: string }
	/** Only the workflow's owner can mend it: the key, the credential, what the node was set to, or what n8n lets out. */
	| { kind: 'misconfigured'; problem: Problem }
	/**
	 * The call could not be handled just now. Nothing is remembered, so the same call can succeed later. Where the payment was read
	 * all the same, its state is for the payer.
	 */
	| { kind: 'unavailable'; problem: Problem; state?: EventState }
	/** The payment is not the one that the address was made for, or not for us. */
	| { kind: 'mismatched'; reason: string; state: EventState; paymentRef: string }
	/** Nothing new has happened to the payment yet, so the bank's word is still to come: the call is to be repeated. */
	| { kind: 'unsettled'; state: EventState; paymentRef: string }
	/** The payment's state is not what this workflow is about, or waits for. */
	| { kind: 'ignored'; reason: string; state: EventState; paymentRef: string }
	/** The workflow was started for this event, or a later one, before; or the execution goes on already. */
	| { kind: 'duplicate'; reason: string; state: EventState; paymentRef: string; eventId?: string }
	/** Start the workflow, or let the waiting execution go on, with these items. */
	| {
			kind: 'run';
			items: IDataObject[];
			state: EventState;
			/** Whether all is said: else the call is to be repeated, because news may be under way. */
			isSettled: boolean;
			paymentRef: string;
			eventId?: string;
			claim: Claim | undefined;
	  };

export const NOT_FOUND: Decision = { kind: 'notFound', reason: 'Konnect knows no such payment' };

const unavailable = (message: string) => ({
	kind: 'unavailable' as const,
	problem: { message, description: 'Repeat the call later.' },
});

export const LATE = unavailable('The payment could not be read in time');

export const NO_CREDENTIAL = unavailable('n8n could not read the credential just now');

export const BUSY = unavailable('Another call for this payment is still being handled');

export const CROWDED = unavailable('Too many calls ask for payments that nobody has signed');

export const NOT_STORED = unavailable('n8n could not store the execution');

/** What a payment that could not be read makes of a call. */
export function decisionOn({ kind, problem }: Failure): Decision {
	if (kind === 'keyRefused' || kind === 'blocked') return { kind: 'misconfigured', problem };
	return kind === 'notFound' ? NOT_FOUND : { kind: 'unavailable', problem };
}
