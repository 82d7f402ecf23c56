import type { Expectations, OutputForm } from '../payment/expectations';
import type { AmountUnit, Token } from '../payment/money';
import { toMinorUnits } from '../payment/money';
import { readBoolean, readOption, readText } from '../payment/parameters';
import { toPaymentId } from '../payment/paymentId';
import { isRecord } from '../payment/result';
import type { Item } from './item';

/**
 * Which payment an item is about, and how to output it.
 *
 * @throws NodeOperationError if a field has an unusable value
 */
export const readingOf = (item: Item): OutputForm & { paymentId: string } => ({
	paymentId: item.read('paymentId', toPaymentId),
	expected: readExpectations(item),
	simplify: item.read('simplify', readBoolean),
});

/**
 * The expectations that were added to the node, amounts in minor units. Undefined if there are none. An expectation that comes
 * out empty is refused: a check that is silently off is worse than none.
 */
function readExpectations(item: Item): Expectations | undefined {
	const { options = {} } = item.context.getNode().parameters;
	const isThere = (name: string) => !isRecord(options) || Object.hasOwn(options, name);
	const unit = item.read('options.amountUnit', readOption) as AmountUnit;
	const expected: Expectations = {};
	if (isThere('expectedOrderId')) {
		expected.orderId = item.read('options.expectedOrderId', readText);
	}
	const hasAmount = isThere('expectedAmount');
	if (hasAmount || isThere('expectedToken')) {
		expected.token = item.read('options.expectedToken', readOption);
	}
	if (hasAmount) {
		const read = (value: unknown, label: string) =>
			toMinorUnits(value, expected.token as Token, unit, label);
		expected.amount = item.read('options.expectedAmount', read);
	}
	return Object.keys(expected).length > 0 ? expected : undefined;
}
