import { randomUUID } from 'node:crypto';

import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { CLOCK } from '../api/clock';
import type { Connection } from '../api/connection';
import { linkEndOf } from '../payment/lifespan';
import type { Result } from '../payment/result';
import type { Waiting } from '../payment/waiting';
import { withFiles } from '../payment/waiting';
import type { Operation } from './forEachItem';
import { forEachItem } from './forEachItem';
import type { Found } from './lookUp';
import { LOOKING_ON, lookUp } from './lookUp';

const MINUTE = 60_000;

/**
 * Looks all payments up and puts them out, where each is in a state to go on with. Else the execution waits: n8n stores it, and
 * goes on when `webhook()` of the node says so, or when time is up, with what this has made of its input items.
 */
export async function waitForPayment(
	context: IExecuteFunctions,
	connection: Result<Connection>,
): Promise<INodeExecutionData[]> {
	const inputs = context.getInputData();
	restoreInputs(inputs);
	const found: Found[] = [];
	const latest = CLOCK.now() + LOOKING_ON.atMost;
	const look: Operation = {
		name: 'waitForPayment',
		execute: async (item, checked) => {
			const one = await lookUp(item, checked, latest);
			found[item.index] = one;
			return one.output;
		},
	};
	const results = await forEachItem(context, look, connection);
	const outputs = withFiles(
		results.map(({ json }) => json),
		inputs,
	);
	if (context.getExecutionCancelSignal()?.aborted) return outputs;
	if (found.some((item) => item?.wasLookedOn)) addHint(context, LOOKED_ON);
	const open = found.filter((item) => item?.isOpen);
	if (open.length === 0) return outputs;
	if (open.length > MOST_AWAITED) {
		const message = `${open.length} payments are too many for one execution to wait for`;
		throw new NodeOperationError(context.getNode(), message, { description: TOO_MANY });
	}

	const until = new Date(Math.max(...open.map((item) => item.until)));
	const waiting: Waiting = {
		key: randomUUID(),
		until: until.getTime(),
		items: outputs.map(({ json, binary }, item) => ({
			...(found[item]?.awaited ?? { output: json }),
			...(binary && { binary }),
		})),
	};
	Object.assign(context.getContext('node'), { waiting });
	prepareTimeout(inputs, outputs, found);
	const what = open.length === 1 ? 'the payment' : `${open.length} payments`;
	addHint(context, `Waits for ${what} until ${inWords(until, context.getTimezone())}.`);
	tellOfLinks(context, until, open);
	// Last, because n8n takes an execution that fails after this for one that waits.
	await context.putExecutionToWait(until);
	return outputs;
}

/**
 * When time is up n8n puts out the node's input items and runs none of our code. So they become here what is to be put out then:
 * the payments as they were last read. Only n8n's wrappers are changed, which are this node's own.
 */
function prepareTimeout(
	inputs: INodeExecutionData[],
	outputs: INodeExecutionData[],
	found: Found[],
): void {
	for (const [item, input] of inputs.entries()) {
		ORIGINALS.set(input, { ...input });
		const json = outputs[item]?.json ?? {};
		input.json = found[item]?.isOpen ? { ...json, timedOut: true } : json;
	}
}

/** The inputs as they came, by n8n's wrappers. With Retry On Fail the next try is given what this one has made of them. */
const ORIGINALS = new WeakMap<INodeExecutionData, INodeExecutionData>();

function restoreInputs(inputs: INodeExecutionData[]): void {
	for (const input of inputs) Object.assign(input, ORIGINALS.get(input));
}

const addHint = (context: IExecuteFunctions, message: string) =>
	context.addExecutionHints({ message, location: 'outputPane' });

const LOOKED_ON =
	'The payment was made by another execution, as when this step is run by itself, so Konnect does not call this one. In the editor this node then looks at the payment every few seconds, for five minutes at most. In a run of the whole workflow it waits to be called.';

/** Says so where a link can be paid when nobody waits for it any more: Konnect would call an execution that is over. */
function tellOfLinks(context: IExecuteFunctions, until: Date, open: readonly Found[]): void {
	const ends = open.map(({ expiry }) => linkEndOf(expiry));
	const minutes = Math.ceil((Math.max(...ends) - until.getTime()) / MINUTE);
	if (minutes <= 0) return;
	const time = minutes === 1 ? '1 minute' : `${minutes} minutes`;
	addHint(
		context,
		minutes === Infinity
			? "A link can still be paid when this wait is over, and then nobody hears of it: set 'Lifespan' of Init Payment, so that the link runs out before."
			: `A link can be paid for ${time} more when this wait is over, and then nobody hears of it: set 'Lifespan' of Init Payment to less than the timeout, or leave 'Timeout (Minutes)' empty.`,
	);
}

/** A date in words; in UTC where n8n's time zone is one that the system does not know, such as GMT+1. */
function inWords(date: Date, timeZone: string): string {
	const format = { dateStyle: 'long', timeStyle: 'short', timeZone } as const;
	try {
		return `${new Intl.DateTimeFormat('en-GB', format).format(date)} (${timeZone})`;
	} catch {
		return inWords(date, 'UTC');
	}
}

/** So many payments that are read at each of n8n's calls would take too long. */
const MOST_AWAITED = 50;

const TOO_MANY = `At most ${MOST_AWAITED} can be awaited at once. Give each order an execution of its own: with a trigger that starts one for each, with Execute Sub-workflow for each item and 'Wait for Sub-Workflow Completion' off, or with Loop Over Items around Init Payment and this node.`;
