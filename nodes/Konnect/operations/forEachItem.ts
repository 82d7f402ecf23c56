import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import { STOPPED } from '../api/errors';
import { readNumber } from '../payment/parameters';
import type { Result } from '../payment/result';
import { refuse } from '../payment/result';
import { sentences } from '../payment/sentences';
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
	const concurrency = concurrencyOf(context, operation);
	const results: ItemResult[] = [];
	const stops: AbortController[] = [];
	let failed: ItemError | undefined;
	let next = 0;

	const work = async () => {
		// One for each worker: Node warns of more than ten listeners at one signal.
		const stop = new AbortController();
		stops.push(stop);
		while (next < count && !failed && !context.getExecutionCancelSignal()?.aborted) {
			const item = next++;
			// A setting that holds for all items fails each of them by itself, so that nothing leaves as if it were ours.
			const checked = concurrency.ok ? connection : concurrency;
			const result = await runItem(context, operation, checked, item, stop.signal);
			results[item] = result;
			if (goOn || !('error' in result)) continue;
			failed ??= result.error;
			for (const other of stops) other.abort();
		}
	};
	const workers = Math.min(count, concurrency.ok ? concurrency.value : operation.concurrency);
	await Promise.all(Array.from({ length: workers }, work));

	if (failed) throw withTheOthers(failed, results, operation);
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
	standDown: AbortSignal,
): Promise<ItemResult> {
	try {
		const checked = valueOf(context, item, connection);
		return { json: await operation.execute(context, checked, item, standDown) };
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

function concurrencyOf(
	context: IExecuteFunctions,
	{ concurrency, table }: Operation,
): Result<number> {
	const label = table.labels.concurrency ?? '';
	try {
		const wanted: unknown = context.getNodeParameter('options.concurrency', 0, concurrency);
		return readNumber(wanted, label, { min: 1, max: MOST_AT_ONCE, whole: true });
	} catch (error) {
		return refuse(`'${label}' cannot be read`, (error as Error).message);
	}
}

/**
 * The error that ends the run, with what else has come of it: what other items have already done at Konnect, and how those failed
 * that were under way as well, for nobody may know what became of them.
 */
function withTheOthers(error: ItemError, results: ItemResult[], operation: Operation): ItemError {
	const cause = textOf(error);
	const effects: string[] = [];
	const failures: string[] = [];
	results.forEach((result, item) => {
		if ('json' in result) {
			if (operation.describeEffect)
				effects.push(`item ${item}: ${operation.describeEffect(result.json)}`);
		} else if (textOf(result.error) !== cause && result.error.message !== STOPPED.message) {
			failures.push(`Item ${item} failed too: ${textOf(result.error)}`);
		}
	});
	if (effects.length > 0) {
		failures.push(`Already done in this run, do not repeat it blindly: ${effects.join('; ')}`);
	}
	error.description = sentences(error.description, ...failures);
	return error;
}

const textOf = ({ message, description }: ItemError) => sentences(message, description);
