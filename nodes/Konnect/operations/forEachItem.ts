import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { STOPPED } from '../api/errors';
import { TABLES } from '../descriptions';
import { readField, readNumber } from '../payment/parameters';
import type { Result } from '../payment/result';
import { refuse } from '../payment/result';
import { sentences } from '../payment/sentences';
import type { OperationName } from './item';
import { Item } from './item';

/** What an operation of the node does. Its fields are in `descriptions`. */
export interface Operation {
	name: OperationName;
	/** Works on one item. Throws NodeOperationError for what the user gave, NodeApiError for what Konnect answered. */
	execute(item: Item): Promise<IDataObject>;
	/** One line on what a successful item did that cannot be undone, for the error that stops the other items. */
	describeEffect?(output: IDataObject): string;
}

const readAtOnce = readNumber({ min: 1, max: 20, whole: true });

type ItemError = NodeApiError | NodeOperationError;

type ItemResult = { json: IDataObject } | { error: ItemError };

/**
 * Runs an operation on every input item, several at once, and returns the results in the order of the input.
 * If the node may go on after an error, a failed item is output with its error. Otherwise no further item begins,
 * and the error tells what was already done, so that nobody repeats it unawares.
 */
export async function forEachItem(
	context: IExecuteFunctions,
	operation: Operation,
): Promise<INodeExecutionData[]> {
	const count = context.getInputData().length;
	const goOn = context.continueOnFail();
	const concurrency = readConcurrency(context, operation.name);
	const results: ItemResult[] = [];
	const stops: AbortController[] = [];
	let failed: ItemError | undefined;
	let next = 0;

	const work = async () => {
		// One for each worker: Node warns of more than ten listeners on one signal.
		const stop = new AbortController();
		stops.push(stop);
		while (next < count && !failed && !context.getExecutionCancelSignal()?.aborted) {
			const item = new Item(context, next++, operation.name, stop.signal);
			const result = await runItem(item, operation, concurrency);
			results[item.index] = result;
			if (goOn || !('error' in result)) continue;
			failed ??= result.error;
			for (const other of stops) other.abort();
		}
	};
	const workers = concurrency.ok ? concurrency.value : 1;
	await Promise.all(Array.from({ length: Math.min(count, workers) }, work));

	if (failed) throw withTheOthers(failed, results, operation);
	return results.map((result, item) => ({
		json: 'json' in result ? result.json : failedJson(result.error),
		pairedItem: { item },
	}));
}

async function runItem(
	item: Item,
	operation: Operation,
	concurrency: Result<number>,
): Promise<ItemResult> {
	try {
		// A setting for all items that cannot be used fails each of them, so that none leaves through the success output.
		item.valueOf(concurrency);
		return { json: await operation.execute(item) };
	} catch (error) {
		if (error instanceof NodeApiError || error instanceof NodeOperationError) return { error };
		// An error of n8n itself, such as for an expression that cannot be evaluated.
		const options = { itemIndex: item.index };
		return { error: new NodeOperationError(item.context.getNode(), error as Error, options) };
	}
}

/** Every version of n8n sends an item with exactly these fields, and no others, to the error output. */
function failedJson({ message, description }: ItemError): IDataObject {
	return description ? { error: message, message: description } : { error: message };
}

function readConcurrency(context: IExecuteFunctions, name: OperationName): Result<number> {
	const path = 'options.concurrency';
	const { concurrency: field } = TABLES[name];
	try {
		const wanted = context.getNodeParameter(path, 0, field?.default);
		return readField(wanted, path, readAtOnce, TABLES[name]);
	} catch (error) {
		return refuse(`'${field?.displayName}' cannot be read`, (error as Error).message);
	}
}

/**
 * The error that ends the run, with what became of the other items: what they have already done at Konnect, and why those that
 * were under way failed too. Otherwise nobody would learn of it.
 */
function withTheOthers(error: ItemError, results: ItemResult[], operation: Operation): ItemError {
	const cause = textOf(error);
	const effects: string[] = [];
	const failures: string[] = [];
	results.forEach((result, item) => {
		if ('json' in result) {
			const effect = operation.describeEffect?.(result.json);
			if (effect) effects.push(`item ${item}: ${effect}`);
		} else if (![cause, textOf(STOPPED)].includes(textOf(result.error))) {
			failures.push(`Item ${item} failed too: ${textOf(result.error)}`);
		}
	});
	if (effects.length > 0) {
		failures.push(`Already done in this run, do not repeat it blindly: ${effects.join('; ')}`);
	}
	error.description = sentences(error.description, ...failures);
	return error;
}

const textOf = ({ message, description }: Pick<ItemError, 'message' | 'description'>) =>
	sentences(message, description);
