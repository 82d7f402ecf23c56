import { randomUUID } from 'node:crypto';

import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { CLOCK } from '../api/clock';
import { linkEndOf } from '../payment/lifespan';
import type { Waiting } from '../payment/waiting';
import { withFiles } from '../payment/waiting';
import type { Operation } from './forEachItem';
import { forEachItem } from './forEachItem';
import { addHint } from './hint';
import type { Found } from './lookUp';
import { LOOKING_ON, lookUp } from './lookUp';

const MINUTE = 60_000;

/** If looking all payments up takes longer, in milliseconds, the open ones are looked up again, up to so many times in all. */
const LONG = 2_000;
const MOST_LOOKS = 3;

/**
 * Looks all payments up, and outputs them if each is in a state to go on with. Otherwise the execution waits: n8n stores it. It
 * goes on when the node's `webhook()` says so, or when time is up, then with the input items that were prepared here.
 */
export async function waitForPayment(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const inputs = context.getInputData();
	// An earlier try of Retry On Fail may have put the execution to sleep, and n8n does not take that back.
	const isParked = inputs.some((input) => ORIGINALS.has(input));
	restoreInputs(inputs);
	let found: Found[] = [];
	let before: Found[] = [];
	const latest = CLOCK.now() + LOOKING_ON.atMost;
	const look: Operation = {
		name: 'waitForPayment',
		execute: async (item) => {
			const one = await lookUp(item, latest, before[item.index]);
			const others = found.filter((other) => other?.awaited);
			if (one.isOpen && others.length >= MOST_AWAITED) throw item.error(TOO_MANY);
			found[item.index] = one;
			return one.output;
		},
	};
	let results: INodeExecutionData[] = [];
	for (let looks = 0; looks < MOST_LOOKS; looks++) {
		const begun = CLOCK.now();
		before = found;
		found = [];
		results = await forEachItem(context, look);
		// n8n refuses calls while the execution runs. If that was long, an open payment may have been paid meanwhile.
		if (!found.some((item) => item?.isOpen) || CLOCK.now() - begun < LONG) break;
	}
	const outputs = withFiles(
		results.map(({ json }) => json),
		inputs,
	);
	if (context.getExecutionCancelSignal()?.aborted) return outputs;
	if (found.some((item) => item?.wasLookedOn)) addHint(context, LOOKED_ON);
	const open = found.filter((item) => item?.isOpen);
	if (open.length === 0 && !isParked) return outputs;

	const until = new Date(Math.max(Date.now(), ...open.map((item) => item.until)));
	const waiting: Waiting = {
		key: randomUUID(),
		until: until.getTime(),
		items: outputs.map(({ json, binary }, item) => ({
			...(found[item]?.awaited ?? { output: json }),
			...(binary && { binary }),
		})),
	};
	Object.assign(context.getContext('node'), { waiting });
	prepareTimeout(context, outputs, found);
	if (open.length > 0) {
		const what = open.length === 1 ? 'the payment' : `${open.length} payments`;
		addHint(context, `Waits for ${what} until ${inWords(until, context.getTimezone())}.`);
	}
	tellOfLinks(context, until, open);
	// Last, because n8n treats an execution that fails after this as one that waits.
	await context.putExecutionToWait(until);
	return outputs;
}

/**
 * When time is up, n8n outputs the node's input items and runs none of our code. So this turns the input items into that output:
 * the payments as they were last read. It changes only n8n's wrappers, which no other node shares.
 */
function prepareTimeout(
	context: IExecuteFunctions,
	outputs: INodeExecutionData[],
	found: Found[],
): void {
	const inputs = context.getInputData();
	for (const [item, input] of inputs.entries()) {
		ORIGINALS.set(input, { ...input });
		const json = outputs[item]?.json ?? {};
		input.json = found[item]?.awaited ? { ...json, timedOut: true } : json;
	}
	// With Execute Once, n8n holds items back that it would output now.
	context.getExecuteData().data.main?.[0]?.splice(inputs.length);
}

/** The original inputs, by n8n's wrappers. With Retry On Fail, the next try gets the inputs that this one has changed. */
const ORIGINALS = new WeakMap<INodeExecutionData, INodeExecutionData>();

function restoreInputs(inputs: INodeExecutionData[]): void {
	for (const input of inputs) Object.assign(input, ORIGINALS.get(input));
}

const LOOKED_ON =
	'Another execution made this payment (for example, this step was run by itself), so Konnect does not call this one. In the editor, this node then checks the payment every few seconds, for five minutes at most. In a full run it waits to be called.';

/** Warns of links that outlive the wait: if one is paid later, Konnect calls an execution that is over. */
function tellOfLinks(context: IExecuteFunctions, until: Date, open: readonly Found[]): void {
	const ends = open.map(({ expiry }) => linkEndOf(expiry));
	const minutes = Math.ceil((Math.max(...ends) - until.getTime()) / MINUTE);
	if (minutes <= 0) return;
	const time = minutes === 1 ? '1 minute' : `${minutes} minutes`;
	addHint(
		context,
		minutes === Infinity
			? "A link can still be paid when this wait is over, and that payment would go unnoticed: set 'Lifespan' of Init Payment, so that the link expires first."
			: `A link can be paid for ${time} more when this wait is over, and that payment would go unnoticed: set 'Lifespan' of Init Payment to less than the timeout, or leave 'Timeout (Minutes)' empty.`,
	);
}

/** A date in words. In UTC if the system does not know n8n's time zone, such as GMT+1. */
function inWords(date: Date, timeZone: string): string {
	const format = { dateStyle: 'long', timeStyle: 'short', timeZone } as const;
	try {
		return `${new Intl.DateTimeFormat('en-GB', format).format(date)} (${timeZone})`;
	} catch {
		return inWords(date, 'UTC');
	}
}

/** Each call may read all awaited payments, and reading more than this would take too long. */
const MOST_AWAITED = 50;

const TOO_MANY = {
	message: 'These are too many payments for one execution to wait for',
	description: `One execution can wait for at most ${MOST_AWAITED} payments. Give each order an execution of its own: with a trigger that starts one for each, with Execute Sub-workflow for each item and 'Wait for Sub-Workflow Completion' off, or with Loop Over Items around Init Payment and this node.`,
};
