import type { IDataObject } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import type { Failure } from '../api/errors';
import type { Payment } from '../payment/payment';
import type { Problem } from '../payment/result';
import type { Call } from './call';
import type { PaymentEvent } from './event';
import type { Claim } from './holds';
import type { EventClaim } from './registry';

/** What a call came to. The first check that fails decides. */
export type Reception =
	/** No payment is named. Nothing was asked of anyone. */
	| { kind: 'malformed'; reason: string }
	/** The webhook's address does not have our signature. Konnect was not asked. */
	| { kind: 'unsigned'; reason: string }
	/** Konnect knows no such payment. */
	| { kind: 'notFound'; reason: string }
	/** Konnect does not take our key, or the credential cannot be used: a person has to see to it. */
	| { kind: 'misconfigured'; problem: Problem }
	/** Konnect could not be asked. Nothing is remembered, so the same call can succeed later. */
	| { kind: 'unavailable'; problem: Problem }
	/** The payment is not the one that the address was made for, or not for us. */
	| { kind: 'mismatched'; reason: string }
	/** The payment's state is not what this workflow is about, or waits for. */
	| { kind: 'ignored'; reason: string; payment: Payment }
	/** The workflow was started for this event, or a later one, before. */
	| { kind: 'duplicate'; event: PaymentEvent }
	/** Start the workflow. `payment` is missing only where the event is `unverified`. */
	| {
			kind: 'run';
			event: PaymentEvent;
			call: Call;
			connection: Connection;
			payment: Payment | undefined;
			claim: EventClaim | undefined;
	  }
	/** Let the waiting execution go on, with one item for each that waits. */
	| { kind: 'resume'; payment: Payment; output: IDataObject[]; claim: Claim }
	/** The execution goes on already. */
	| { kind: 'resumed'; payment: Payment };

export const NOT_FOUND: Reception = { kind: 'notFound', reason: 'Konnect knows no such payment' };

export const OVERLOAD: Reception = {
	kind: 'unavailable',
	problem: {
		message: 'Too many payments are being read at once',
		description: 'Repeat the call later.',
	},
};

export const BUSY: Reception = {
	kind: 'unavailable',
	problem: {
		message: 'Another call for this payment is still being handled',
		description: 'Repeat the call later.',
	},
};

/** What a payment that could not be read makes of a call. */
export function receptionOf({ kind, problem }: Failure): Reception {
	if (kind === 'keyRefused') return { kind: 'misconfigured', problem };
	return kind === 'notFound' ? NOT_FOUND : { kind: 'unavailable', problem };
}
