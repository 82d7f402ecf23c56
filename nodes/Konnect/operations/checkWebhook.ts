import type { Payment } from '../payment/payment';
import { resumeAddress } from '../payment/terms';
import { addHint } from './hint';
import type { Item } from './item';

/**
 * Whether Konnect calls another execution for a payment, judged by the webhook that Konnect gives back with it. If it gives none,
 * this execution is assumed, and a hint says so.
 *
 * @throws NodeOperationError if Konnect calls no waiting execution at all: the wait would be in vain
 */
export function isForAnotherExecution(item: Item, payment: Payment): boolean {
	const { context, index } = item;
	const resumeUrl = String(context.evaluateExpression('{{ $execution.resumeUrl }}', index));
	const here = placeOf(resumeAddress(resumeUrl));
	const there = placeOf(payment.raw.webhook);
	if (there === undefined) {
		addHint(context, UNKNOWN);
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

/** For an open payment that another execution made. A paid one is output, whoever made it. */
export const CALLED_FOR_ANOTHER = {
	message: NOT_CALLED,
	description:
		'Another execution made this payment: this one is a retry, or a step run by itself. The payment is not paid yet; if it were, the workflow would go on. Read it with Get Payment, or run the whole workflow.',
};

const UNKNOWN =
	"Konnect does not say which webhook it calls for this payment. Make sure that 'Notify' of its Init Payment is 'This Execution', in this same workflow.";

/** The part that identifies an address of n8n whatever its host and query: the last three parts of its path. */
function placeOf(address: unknown): string | undefined {
	if (typeof address !== 'string' || !URL.canParse(address)) return undefined;
	return new URL(address).pathname.split('/').slice(-3).join('/');
}

/** The name of n8n's endpoint for waiting executions. All executions of one n8n share it. */
const endpointOf = (place: string | undefined) => place?.split('/')[0];
