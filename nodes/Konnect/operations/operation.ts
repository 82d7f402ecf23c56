import type { IDataObject, IExecuteFunctions, JsonObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import type { Outcome } from '../api/payments';
import type { Patience } from '../api/request';
import type { Result } from '../payment/result';
import { DEFAULT_TIMEOUT, toTimeout } from '../descriptions/defaults';

/** What an operation of the node does. How it is offered stands in its file of fields. */
export interface Operation {
	/** How many items are worked on at once, unless the user says otherwise. */
	concurrency: number;
	/**
	 * Works on one item. Throws NodeOperationError for what the user gave, NodeApiError for what Konnect answered.
	 *
	 * @param standDown fires when nothing new shall be begun, because another item has failed
	 */
	execute(
		context: IExecuteFunctions,
		connection: Connection,
		item: number,
		standDown: AbortSignal,
	): Promise<IDataObject>;
	/** One line on what cannot be undone about an item that succeeded, for the error that stops the others. */
	describeEffect?(output: IDataObject): string;
}

/** The value of a result, or its problem thrown as n8n's error for this item. */
export function valueOf<T>(context: IExecuteFunctions, item: number, result: Result<T>): T {
	if (result.ok) return result.value;
	const { message, description } = result.problem;
	throw new NodeOperationError(context.getNode(), message, { description, itemIndex: item });
}

/** The value of a call to Konnect, or its failure thrown as n8n's error for this item. */
export function answerOf<T>(context: IExecuteFunctions, item: number, outcome: Outcome<T>): T {
	if (outcome.ok) return outcome.value;
	const { message, description } = outcome.failure.problem;
	// Built from a fresh object: n8n ignores the texts when it is given an error that it knows.
	throw new NodeApiError(context.getNode(), { message } as JsonObject, {
		message,
		description,
		itemIndex: item,
	});
}

/** `options.timeout` is in seconds. */
export function patienceOf(
	context: IExecuteFunctions,
	item: number,
	standDown: AbortSignal,
): Patience {
	const seconds = context.getNodeParameter('options.timeout', item, DEFAULT_TIMEOUT);
	return {
		timeout: toTimeout(seconds, DEFAULT_TIMEOUT),
		signal: context.getExecutionCancelSignal(),
		standDown,
	};
}
