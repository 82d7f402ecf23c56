import type { Payment } from '../payment/payment';
import type { Item } from './item';

/**
 * Whether Konnect calls another execution for a payment that is to be waited for: by the address that Konnect gives back with it, or
 * that Init Payment put out with the item. Where nobody knows, it is taken to be this execution, with a hint.
 *
 * @throws NodeOperationError where it calls somebody else altogether: the wait would be for nothing
 */
export function isForAnotherExecution(item: Item, payment: Payment | undefined): boolean {
	const { context, index, input } = item;
	const here = placeOf(context.evaluateExpression('{{ $execution.resumeUrl }}', index));
	const known = [payment?.raw.webhook, input.webhook];
	const there = placeOf(known.find((address) => typeof address === 'string' && address !== ''));
	if (there === undefined) {
		if (index === 0) context.addExecutionHints({ message: UNKNOWN, location: 'outputPane' });
		return false;
	}
	if (there === here) return false;
	if (endpointOf(there) === endpointOf(here)) return true;
	throw item.error({
		message: NOT_CALLED,
		description:
			"The payment was made with another webhook, so this node would wait in vain. Set 'Notify' of Init Payment to 'This Execution', in this same workflow; or leave this node out, and start a workflow with Konnect Trigger.",
	});
}

const NOT_CALLED = 'Konnect does not call this execution';

/** For a payment of another execution that is still open: one that is paid is put out, whoever made it. */
export const CALLED_FOR_ANOTHER = {
	message: NOT_CALLED,
	description:
		'This payment was made by another execution: this one is a retry, or a step that was run by itself. It is not paid yet; had it been, the workflow would go on with it. Look at it with Get Payment, or run the whole workflow.',
};

const UNKNOWN =
	"Konnect does not say whom it calls for this payment. Make sure that 'Notify' of its Init Payment is 'This Execution', in this same workflow.";

/** What tells one address from another, whatever host or query n8n is reached by: the last two parts of its path. */
function placeOf(address: unknown): string | undefined {
	if (typeof address !== 'string' || !URL.canParse(address)) return undefined;
	return new URL(address).pathname.split('/').slice(-2).join('/');
}

/** The name of n8n's endpoint for executions that wait: all of one n8n have the same. */
const endpointOf = (place: string | undefined) => place?.split('/')[0];
