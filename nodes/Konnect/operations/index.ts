import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import { toConnection } from '../api/connection';
import type { Result } from '../payment/result';
import { refuse } from '../payment/result';
import { forEachItem } from './forEachItem';
import { getPayment } from './getPayment';
import { initPayment } from './initPayment';
import type { Operation } from './operation';
import { waitForPayment } from './waitForPayment';

/** Works on all input items. */
type Run = (
	context: IExecuteFunctions,
	connection: Result<Connection>,
) => Promise<INodeExecutionData[]>;

const itemByItem =
	(operation: Operation): Run =>
	async (context, connection) =>
		await forEachItem(context, operation, connection);

/** The node's operations by the value that workflows save. */
const OPERATIONS = {
	getPayment: itemByItem(getPayment),
	initPayment: itemByItem(initPayment),
	waitForPayment,
} satisfies Record<string, Run>;

/** Runs the chosen operation on all input items. The credential is read once for all of them. */
export async function runOperation(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const run = OPERATIONS[context.getNodeParameter('operation', 0) as keyof typeof OPERATIONS];
	return await run(context, await readConnection(context));
}

/** Where the credential cannot be read, each item fails by itself: n8n would pass the input on as if it were our output. */
async function readConnection(context: IExecuteFunctions): Promise<Result<Connection>> {
	try {
		return toConnection(await context.getCredentials('konnectApi'));
	} catch (error) {
		return refuse('The credential cannot be read', (error as Error).message);
	}
}
