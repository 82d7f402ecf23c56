import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { Payment } from '../payment/payment';

/**
 * Looks whether Konnect will call this execution for a payment that is to be waited for: by the address that Konnect gives back
 * with it, or that Init Payment put out with the item.
 *
 * @throws NodeOperationError where it calls somebody else: the wait would be for nothing
 */
export function checkWebhook(
	context: IExecuteFunctions,
	item: number,
	payment: Payment | undefined,
): void {
	const here = placeOf(context.evaluateExpression('{{ $execution.resumeUrl }}', item));
	const known = [payment?.raw.webhook, context.getInputData()[item]?.json.webhook];
	const webhook = known.find((address) => typeof address === 'string' && address !== '');
	const there = placeOf(webhook);
	if (there === undefined) {
		if (item === 0) context.addExecutionHints({ message: UNKNOWN, location: 'outputPane' });
	} else if (there !== here) {
		throw new NodeOperationError(context.getNode(), 'Konnect does not call this execution', {
			description:
				"The payment was made with another webhook, so this node would wait in vain. Set 'Notify' of Init Payment to 'This Execution', in this same workflow; or leave this node out, and start a workflow with Konnect Trigger.",
			itemIndex: item,
		});
	}
}

const UNKNOWN =
	"Konnect does not say whom it calls for this payment. Make sure that 'Notify' of its Init Payment is 'This Execution', in this same workflow.";

/** What tells one address from another, whatever host or query n8n is reached by: the last two parts of its path. */
function placeOf(address: unknown): string | undefined {
	if (typeof address !== 'string' || !URL.canParse(address)) return undefined;
	return new URL(address).pathname.split('/').slice(-2).join('/');
}
