import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import type { Failure } from '../api/errors';
import { createPayment } from '../api/payments';
import { DEFAULT_CONCURRENCY, TABLES } from '../descriptions';
import type { Expiries } from '../payment/lifespan';
import { noteExpiry } from '../payment/lifespan';
import { toCurrencyText } from '../payment/money';
import { readBoolean, readOption } from '../payment/parameters';
import type { PaymentForm, PaymentRequest } from '../payment/paymentRequest';
import { toPaymentRequest } from '../payment/paymentRequest';
import { isRecord } from '../payment/result';
import { sentences } from '../payment/sentences';
import {
	resumeAddress,
	signingKeys,
	signWebhook,
	withoutParameters,
	withoutSignature,
} from '../payment/terms';
import type { Circumstance } from '../payment/webhookUrl';
import { webhookUrlHint } from '../payment/webhookUrl';
import { madeBefore } from './madeBefore';
import type { Operation } from './operation';
import { answerOf, patienceOf, readFrom, valueOf } from './operation';

const TABLE = TABLES.initPayment;

async function execute(
	context: IExecuteFunctions,
	connection: Connection,
	item: number,
	standDown: AbortSignal,
): Promise<IDataObject> {
	const made = madeBefore(context, item);
	if (made.output) return made.output;

	const notify = readFrom(context, item, TABLE, 'notify', readOption, 'url');
	const form = readForm(context, connection, item, notify);
	const request = valueOf(context, item, toPaymentRequest(form, TABLE));
	if (notify === 'execution') request.silentWebhook ??= true;
	const body = signed(context, item, request, connection, notify);
	const patience = patienceOf(context, item, TABLE, standDown);
	// Items of one run share their webhook as a rule: said once, not once for each.
	if (item === 0) addHints(context, request, connection, notify);

	const madeAt = Date.now();
	const outcome = await createPayment(context, connection, body, patience, TABLE.labels);
	if (!outcome.ok && made.isInDoubt) outcome.failure = inDoubt(outcome.failure);
	if (!outcome.ok && outcome.failure.isInDoubt) made.isInDoubt = true;
	const payment = answerOf(context, item, outcome);
	if (made.isInDoubt) addHint(context, secondPaymentOf(item));
	if (request.lifespan !== undefined) {
		const { konnectExpiries = {} } = context.getContext('flow') as { konnectExpiries?: Expiries };
		noteExpiry(konnectExpiries, payment.paymentRef, request.lifespan, madeAt);
		Object.assign(context.getContext('flow'), { konnectExpiries });
	}
	made.output = {
		...payment,
		amount: request.amount,
		amountInCurrency: toCurrencyText(request.amount, request.token),
		token: request.token,
		orderId: request.orderId ?? null,
		environment: connection.environment,
		webhook: request.webhook ? withoutSignature(request.webhook) : null,
	};
	return made.output;
}

const IN_DOUBT =
	'An earlier try of this run got no clear answer: a payment may have been made; nobody has its link. Look in the Konnect dashboard.';

const inDoubt = ({ problem, ...failure }: Failure): Failure => ({
	...failure,
	problem: { ...problem, description: sentences(problem.description, IN_DOUBT) },
});

const secondPaymentOf = (item: number) => `Item ${item}: ${IN_DOUBT}`;

function addHints(
	context: IExecuteFunctions,
	{ webhook, silentWebhook, successUrl, failUrl }: PaymentRequest,
	{ environment }: Connection,
	notify: string,
): void {
	const returnUrls = [successUrl, failUrl].filter((url) => url !== undefined);
	if (returnUrls.some((url) => !/^https?:/i.test(url))) addHint(context, OF_AN_APP);
	if (!webhook) return;
	const isSilent = silentWebhook === true;
	if (notify === 'execution' && !isSilent) addHint(context, NOT_SILENT);
	else if (returnUrls.length > 0 && !isSilent) addHint(context, NOT_RETURNED);
	const circumstances: Circumstance[] = [];
	if (isSilent) circumstances.push('silent');
	if (notify === 'execution') circumstances.push('ownExecution');
	if (environment === 'custom') circumstances.push('customEnvironment');
	const hint = webhookUrlHint(webhook, circumstances);
	if (hint) addHint(context, hint);
}

const addHint = (context: IExecuteFunctions, message: string) =>
	context.addExecutionHints({ message, location: 'outputPane', type: 'warning' });

const NOT_SILENT =
	"After paying, the payer's browser is sent to this execution, which answers once only: a page that is loaded again shows an error of n8n. Leave 'Silent Webhook' on, so that Konnect calls it instead.";

const NOT_RETURNED =
	"Konnect ignores 'Success URL' and 'Fail URL' here, because it sends the payer's browser to the webhook. Turn on 'Silent Webhook', so that Konnect calls the webhook itself and the payer goes to your pages.";

const OF_AN_APP =
	"'Success URL' or 'Fail URL' has a scheme of an app's own. Konnect is not known to take it: try it in the sandbox first.";

/**
 * The request with the payment's terms signed into the webhook, and into a Success or Fail URL that is the same address: with a
 * silent webhook, Konnect's server and the payer's browser can each call the trigger then, whichever comes first.
 */
function signed(
	context: IExecuteFunctions,
	item: number,
	request: PaymentRequest,
	connection: Connection,
	notify: string,
): PaymentRequest {
	const isWanted = readFrom(context, item, TABLE, 'options.signWebhook', readBoolean, true);
	// The address that resumes an execution has n8n's own signature.
	if (!request.webhook || notify !== 'url' || !isWanted) return request;
	const terms = { ...request, walletId: request.receiverWalletId };
	const { webhook } = request;
	const ofTheWebhook = ['webhook', 'successUrl', 'failUrl'].filter((name) => {
		const address = request[name];
		return typeof address === 'string' && withoutParameters(address) === webhook;
	});
	const address = signWebhook(webhook, terms, signingKeys(connection)[0]);
	return { ...request, ...Object.fromEntries(ofTheWebhook.map((name) => [name, address])) };
}

function readForm(
	context: IExecuteFunctions,
	connection: Connection,
	item: number,
	notify: string,
): PaymentForm {
	const additionalFields: unknown = context.getNodeParameter('additionalFields', item, {});
	return {
		amount: context.getNodeParameter('amount', item, ''),
		amountUnit: context.getNodeParameter('amountUnit', item, 'currency'),
		token: context.getNodeParameter('token', item, 'TND'),
		webhook: webhookOf(context, item, notify),
		additionalFields: isRecord(additionalFields) ? { ...additionalFields } : additionalFields,
		walletId: connection.walletId,
	};
}

function webhookOf(context: IExecuteFunctions, item: number, notify: string): unknown {
	if (notify === 'none') return undefined;
	// An expression that gives nothing is a mistake to be told, not a payment of which nobody hears.
	if (notify === 'url') return context.getNodeParameter('webhook', item, '') ?? '';
	return resumeAddress(String(context.evaluateExpression('{{ $execution.resumeUrl }}', item)));
}

export const initPayment: Operation = {
	concurrency: DEFAULT_CONCURRENCY.initPayment,
	table: TABLE,
	execute,
	describeEffect: ({ paymentRef, orderId }) =>
		`payment ${String(paymentRef)} was made${orderId ? ` for order "${String(orderId)}"` : ''}`,
};
