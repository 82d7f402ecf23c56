import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { toConnection } from '../api/connection';
import { forEachItem } from './forEachItem';
import { getPayment } from './getPayment';
import { initPayment } from './initPayment';
import type { Operation } from './operation';

/** The node's operations by the value that workflows save. */
const OPERATIONS = { getPayment, initPayment } satisfies Record<string, Operation>;

/** Runs the chosen operation on all input items. The credential is read once for all of them. */
export async function runOperation(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const operation = OPERATIONS[context.getNodeParameter('operation', 0) as keyof typeof OPERATIONS];
	const connection = toConnection(await context.getCredentials('konnectApi'));
	return await forEachItem(context, operation, connection);
}
