import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { forEachItem } from './forEachItem';
import { getPayment } from './getPayment';
import { initPayment } from './initPayment';
import { waitForPayment } from './waitForPayment';

/** Runs the chosen operation on all input items. */
export async function runOperation(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const name = context.getNodeParameter('operation', 0);
	if (name === 'waitForPayment') return await waitForPayment(context);
	const operations = { getPayment, initPayment };
	return await forEachItem(context, operations[name as keyof typeof operations]);
}
