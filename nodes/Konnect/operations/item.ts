import type { IExecuteFunctions, INodeExecutionData, JsonObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import { toConnection } from '../api/connection';
import type { Outcome } from '../api/payments';
import type { Limits } from '../api/request';
import { TABLES } from '../descriptions';
import type { Reader } from '../payment/parameters';
import { nameIn, readField, readTimeout } from '../payment/parameters';
import type { Problem, Result } from '../payment/result';
import { refuse } from '../payment/result';

export type OperationName = 'getPayment' | 'initPayment' | 'waitForPayment';

/** An item of the node's input. Reads the fields' values for this item, and makes n8n's errors for it. */
export class Item {
	/** @param standDown fires when nothing new may begin, because another item has failed */
	constructor(
		readonly context: IExecuteFunctions,
		readonly index: number,
		readonly operation: OperationName,
		readonly standDown: AbortSignal,
	) {}

	/** The item as n8n hands it over. */
	get wrapper(): INodeExecutionData {
		return this.context.getInputData()[this.index] as INodeExecutionData;
	}

	/**
	 * The node's credential, whose expressions n8n evaluates for this item.
	 *
	 * @throws NodeOperationError if it cannot be read or used
	 */
	async connection(): Promise<Connection> {
		const read = this.context.getCredentials('konnectApi', this.index);
		return this.valueOf(
			await read.then(toConnection, (error: Error) =>
				refuse('The credential cannot be read', error.message),
			),
		);
	}

	/**
	 * Reads a field and checks its value. Its default is used only if the node does not have the field.
	 *
	 * @param path the field's name, or for a field in a collection a path such as `options.timeout`
	 * @param byDefault the value where the node lacks the field; if not given, the field's own default
	 * @throws NodeOperationError that names the field and its value
	 */
	read<T>(
		path: string,
		read: Reader<T>,
		byDefault = TABLES[this.operation][nameIn(path)]?.default,
	): T {
		return this.check(this.context.getNodeParameter(path, this.index, byDefault), path, read);
	}

	/** Like `read`, but checks the given value as if it were the field's. */
	check<T>(value: unknown, path: string, read: Reader<T>): T {
		return this.valueOf(readField(value, path, read, TABLES[this.operation]));
	}

	/** `options.timeout` is in seconds. */
	limits(): Limits {
		return {
			timeout: this.read('options.timeout', readTimeout) * 1000,
			signal: this.context.getExecutionCancelSignal(),
			standDown: this.standDown,
		};
	}

	/** The value of a result, or its problem thrown as n8n's error. */
	valueOf<T>(result: Result<T>): T {
		if (result.ok) return result.value;
		throw this.error(result.problem);
	}

	/** The value of a call to Konnect, or its failure thrown as n8n's error. */
	answerOf<T>(outcome: Outcome<T>): T {
		if (outcome.ok) return outcome.value;
		const { message, description } = outcome.failure.problem;
		// Built from a fresh object, because n8n ignores these texts if it is given an error that it knows.
		throw new NodeApiError(this.context.getNode(), { message } as JsonObject, {
			message,
			description,
			itemIndex: this.index,
		});
	}

	error({ message, description }: Problem): NodeOperationError {
		const options = { description, itemIndex: this.index };
		return new NodeOperationError(this.context.getNode(), message, options);
	}
}
