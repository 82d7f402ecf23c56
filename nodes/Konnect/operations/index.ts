import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import { toConnection } from '../api/connection';
import type { Result } from '../payment/result';
import { refuse } from '../payment/result';
import { forEachItem } from './forEachItem';
import { getPayment } from './getPayment';
import { initPayment } from './initPayment';
import { waitForPayment } from './waitForPayment';

/** Runs the chosen operation on all input items. The credential is read once for all of them. */
export async function runOperation(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const name = context.getNodeParameter('operation', 0);
	const connection = await readConnection(context);
	if (name === 'waitForPayment') return await waitForPayment(context, connection);
	const operations = { getPayment, initPayment };
	return await forEachItem(context, operations[name as keyof typeof operations], connection);
}

/** If the credential cannot be read, each item fails by itself. If this threw, n8n could pass the input on as our output. */
async function readConnection(context: IExecuteFunctions): Promise<Result<Connection>> {
	try {
		return toConnection(await context.getCredentials('konnectApi'));
	} catch (error) {
		return refuse('The credential cannot be read', (error as Error).message);
	}
}
