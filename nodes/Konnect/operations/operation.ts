import type { IDataObject, IExecuteFunctions, JsonObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import type { Outcome } from '../api/payments';
import type { Patience } from '../api/request';
import type { Result } from '../payment/result';
import type { FieldTable } from '../descriptions';
import { DEFAULT_TIMEOUT } from '../descriptions';
import type { Reader } from '../payment/parameters';
import { readField, readTimeout } from '../payment/parameters';

/** What an operation of the node does. How it is offered stands in its file of fields. */
export interface Operation {
	/** How many items are worked on at once, unless the user says otherwise. */
	concurrency: number;
	/** Its fields, as the user sees them. */
	table: FieldTable;
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

/**
 * Reads a field and checks what it gives.
 *
 * @param path with its collection before it and a point between, where it stands in one
 * @param byDefault where the field does not stand in the node; nothing else is ever taken for it
 * @throws NodeOperationError that names the field and says what came
 */
export function readFrom<T>(
	context: IExecuteFunctions,
	item: number,
	table: FieldTable,
	path: string,
	read: Reader<T>,
	byDefault: unknown,
): T {
	const value: unknown = context.getNodeParameter(path, item, byDefault);
	return valueOf(context, item, readField(value, path, read, table));
}

/** `options.timeout` is in seconds. */
export function patienceOf(
	context: IExecuteFunctions,
	item: number,
	table: FieldTable,
	standDown: AbortSignal,
): Patience {
	const seconds = readFrom(context, item, table, 'options.timeout', readTimeout, DEFAULT_TIMEOUT);
	return {
		timeout: seconds * 1000,
		signal: context.getExecutionCancelSignal(),
		standDown,
	};
}
