import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import { fetchPayment } from '../api/payments';
import { checkedOutput } from '../payment/expectations';
import { DEFAULT_CONCURRENCY, TABLES } from '../descriptions';
import type { Operation } from './operation';
import { answerOf, patienceOf } from './operation';
import { readingOf } from './reading';

const TABLE = TABLES.getPayment;

async function execute(
	context: IExecuteFunctions,
	connection: Connection,
	item: number,
	standDown: AbortSignal,
): Promise<IDataObject> {
	const reading = readingOf(context, item, TABLE);
	const patience = patienceOf(context, item, TABLE, standDown);
	const outcome = await fetchPayment(context, connection, reading.paymentId, patience);
	return checkedOutput(answerOf(context, item, outcome), connection, reading);
}

export const getPayment: Operation = {
	concurrency: DEFAULT_CONCURRENCY.getPayment,
	table: TABLE,
	execute,
};
