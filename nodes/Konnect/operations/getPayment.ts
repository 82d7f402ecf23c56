import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import { getPayment as readFromKonnect } from '../api/payments';
import type { Expectations } from '../payment/expectations';
import { mismatchesOf } from '../payment/expectations';
import type { AmountUnit } from '../payment/money';
import { isToken, toMinorUnits } from '../payment/money';
import { paymentOutput } from '../payment/payment';
import { toPaymentId } from '../payment/paymentId';
import type { Result } from '../payment/result';
import { ok, refuse } from '../payment/result';
import { CONCURRENCY } from './getPayment.fields';
import type { Operation } from './operation';
import { answerOf, patienceOf, valueOf } from './operation';

async function execute(
	context: IExecuteFunctions,
	connection: Connection,
	item: number,
	standDown: AbortSignal,
): Promise<IDataObject> {
	const id = toPaymentId(context.getNodeParameter('paymentId', item, ''), 'Payment ID');
	const paymentId = valueOf(context, item, id);
	const options = context.getNodeParameter('options', item, {});
	const expected = valueOf(context, item, readExpectations(options));

	const patience = patienceOf(context, item, standDown);
	const outcome = await readFromKonnect(context, connection, paymentId, patience);
	const payment = answerOf(context, item, outcome);

	const simplify = context.getNodeParameter('simplify', item, true) as boolean;
	const output = paymentOutput(payment, connection.environment, simplify);
	if (!expected) return output;
	const mismatches = mismatchesOf(payment, { ...expected, walletId: connection.walletId });
	return { ...output, matches: mismatches.length === 0, mismatches: mismatches as object[] };
}

/** The expectations that were filled in, amounts in minor units; undefined where there are none. */
function readExpectations(options: IDataObject): Result<Expectations | undefined> {
	const { expectedAmount, expectedToken, expectedOrderId } = options;
	const isGiven = (value: unknown) => value !== undefined && value !== null && value !== '';
	if (![expectedAmount, expectedToken, expectedOrderId].some(isGiven)) return ok(undefined);

	const expectations: Expectations = {};
	if (isGiven(expectedOrderId)) expectations.orderId = String(expectedOrderId);
	if (isGiven(expectedToken) || isGiven(expectedAmount)) {
		const token = isGiven(expectedToken) ? expectedToken : 'TND';
		if (!isToken(token)) {
			return refuse("'Expected Currency' is not a currency of Konnect", 'Use TND, EUR or USD.');
		}
		expectations.token = token;
		if (isGiven(expectedAmount)) {
			const unit = (options.amountUnit ?? 'currency') as AmountUnit;
			const amount = toMinorUnits(expectedAmount, token, unit, 'Expected Amount');
			if (!amount.ok) return amount;
			expectations.amount = amount.value;
		}
	}
	return ok(expectations);
}

export const getPayment: Operation = {
	concurrency: CONCURRENCY,
	execute,
};
