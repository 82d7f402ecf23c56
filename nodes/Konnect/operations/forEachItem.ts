import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import type { Result } from '../payment/result';
import type { Operation } from './operation';
import { valueOf } from './operation';

const MOST_AT_ONCE = 20;

type ItemError = NodeApiError | NodeOperationError;

type ItemResult = { json: IDataObject } | { error: ItemError };

/**
 * Runs an operation on every input item, several at once, and puts the results out in the order of the input.
 * Where the node may go on after an error, a failed item is put out with its error; otherwise no further item is begun,
 * and the error tells what was already done, so that nobody does it again unawares.
 */
export async function forEachItem(
	context: IExecuteFunctions,
	operation: Operation,
	connection: Result<Connection>,
): Promise<INodeExecutionData[]> {
	const count = context.getInputData().length;
	const goOn = context.continueOnFail();
	const results: ItemResult[] = [];
	let next = 0;
	let stopped = false;

	const work = async () => {
		while (next < count && !stopped && !context.getExecutionCancelSignal()?.aborted) {
			const item = next++;
			const result = await runItem(context, operation, connection, item);
			results[item] = result;
			if ('error' in result && !goOn) stopped = true;
		}
	};
	const workers = Math.min(count, concurrencyOf(context, operation));
	await Promise.all(Array.from({ length: workers }, work));

	if (stopped) throw withEffects(results, operation);
	return results.map((result, item) => ({
		json: 'json' in result ? result.json : failedJson(result.error),
		pairedItem: { item },
	}));
}

async function runItem(
	context: IExecuteFunctions,
	operation: Operation,
	connection: Result<Connection>,
	item: number,
): Promise<ItemResult> {
	try {
		const json = await operation.execute(context, valueOf(context, item, connection), item);
		return { json };
	} catch (error) {
		if (error instanceof NodeApiError || error instanceof NodeOperationError) return { error };
		// What n8n itself threw, such as an expression that cannot be read.
		return {
			error: new NodeOperationError(context.getNode(), error as Error, { itemIndex: item }),
		};
	}
}

/** By these names, and no others beside them, every n8n knows an item that belongs into the error output. */
function failedJson({ message, description }: ItemError): IDataObject {
	return description ? { error: message, message: description } : { error: message };
}

function concurrencyOf(context: IExecuteFunctions, operation: Operation): number {
	const wanted = Number(context.getNodeParameter('options.concurrency', 0, operation.concurrency));
	return Math.min(Math.max(Math.floor(wanted) || operation.concurrency, 1), MOST_AT_ONCE);
}

/** The first error in the order of the items, with what the other items have already done at Konnect. */
function withEffects(results: ItemResult[], operation: Operation): ItemError {
	const failed = results.find((result) => result !== undefined && 'error' in result);
	const { error } = failed as { error: ItemError };
	const effects = results.flatMap((result, item) =>
		result && 'json' in result && operation.describeEffect
			? [`item ${item}: ${operation.describeEffect(result.json)}`]
			: [],
	);
	if (effects.length > 0) {
		const done = `Already done in this run, do not repeat it blindly: ${effects.join('; ')}.`;
		error.description = [error.description, done].filter(Boolean).join(' ');
	}
	return error;
}
