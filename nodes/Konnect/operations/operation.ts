import type {
	IDataObject,
	IExecuteFunctions,
	INodeProperties,
	INodePropertyOptions,
	JsonObject,
} from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import type { Outcome } from '../api/payments';
import type { Patience } from '../api/request';
import type { Result } from '../payment/result';

/** One operation of the node: how it is offered, its fields, and what it does with one item. */
export interface Operation {
	option: INodePropertyOptions;
	fields: INodeProperties[];
	/** How many items are worked on at once, unless the user says otherwise. */
	concurrency: number;
	/** Works on one item. Throws NodeOperationError for what the user gave, NodeApiError for what Konnect answered. */
	execute(context: IExecuteFunctions, connection: Connection, item: number): Promise<IDataObject>;
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
export function patienceOf(context: IExecuteFunctions, item: number): Patience {
	const seconds = Number(context.getNodeParameter('options.timeout', item, DEFAULT_TIMEOUT));
	return {
		timeout: (seconds > 0 ? seconds : DEFAULT_TIMEOUT) * 1000,
		signal: context.getExecutionCancelSignal(),
	};
}

const DEFAULT_TIMEOUT = 30;

export const timeoutOption: INodeProperties = {
	displayName: 'Timeout',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: DEFAULT_TIMEOUT,
	description: 'How many seconds to wait for an answer of Konnect, each time it is asked',
};

/** @param byDefault items at once */
export const concurrencyOption = (byDefault: number): INodeProperties => ({
	displayName: 'Items at Once',
	name: 'concurrency',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 20 },
	default: byDefault,
	description:
		'How many items are worked on at the same time, from 1 to 20. Konnect allows about 100 requests a minute.',
});

/** Shows a field for one operation only. */
export const showFor = (operation: string): Pick<INodeProperties, 'displayOptions'> => ({
	displayOptions: { show: { operation: [operation] } },
});
