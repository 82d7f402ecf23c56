import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import type { Outcome } from '../api/payments';
import { createPayment } from '../api/payments';
import { withLifespan } from '../payment/lifespan';
import type { AmountUnit } from '../payment/money';
import { toCurrencyText } from '../payment/money';
import type { PaymentForm, PaymentRequest } from '../payment/paymentRequest';
import { toPaymentRequest } from '../payment/paymentRequest';
import { signingKeys, signWebhook, withoutSignature } from '../payment/terms';
import { webhookUrlHint } from '../payment/webhookUrl';
import { DEFAULT_CONCURRENCY } from '../descriptions/defaults';
import { LABELS } from '../descriptions/initPayment';
import type { Operation } from './operation';
import { answerOf, patienceOf, valueOf } from './operation';

async function execute(
	context: IExecuteFunctions,
	connection: Connection,
	item: number,
	standDown: AbortSignal,
): Promise<IDataObject> {
	const notify = context.getNodeParameter('notify', item, 'url');
	const form = readForm(context, connection, item, notify);
	const request = valueOf(context, item, toPaymentRequest(form, LABELS));
	// Items of one run share their webhook as a rule: said once, not once for each.
	if (item === 0) addHints(context, request, connection, notify);

	const made = madeBefore(context, item, request);
	if (made.output) return made.output;
	const patience = patienceOf(context, item, standDown);
	const body = signed(request, connection, notify);
	const outcome = made.doubt ?? (await createPayment(context, connection, body, patience, LABELS));
	if (!outcome.ok && outcome.failure.isInDoubt) made.rememberDoubt(outcome);
	const payment = answerOf(context, item, outcome);
	return made.remember({
		...payment,
		amount: request.amount,
		amountInCurrency: toCurrencyText(request.amount, request.token),
		token: request.token,
		orderId: request.orderId ?? null,
		environment: connection.environment,
		webhook: request.webhook ? withoutSignature(request.webhook) : null,
	});
}

function addHints(
	context: IExecuteFunctions,
	{ webhook, silentWebhook }: PaymentRequest,
	{ environment }: Connection,
	notify: unknown,
): void {
	const hints = [
		webhook && webhookUrlHint(webhook, environment),
		notify === 'execution' && silentWebhook !== true && NOT_SILENT,
	];
	for (const message of hints) {
		if (message) context.addExecutionHints({ message, location: 'outputPane', type: 'warning' });
	}
}

const NOT_SILENT =
	"After paying, the payer's browser is sent to this execution, which answers once only: a page that is loaded again shows an error of n8n. Add the field 'Silent Webhook', so that Konnect calls it instead.";

/** The request with the payment's terms signed into the webhook. */
function signed(request: PaymentRequest, connection: Connection, notify: unknown): PaymentRequest {
	// The address that resumes an execution has n8n's own signature.
	if (!request.webhook || notify !== 'url') return request;
	const terms = { ...request, walletId: request.receiverWalletId };
	return {
		...request,
		webhook: signWebhook(request.webhook, terms, signingKeys(connection)[0]),
	};
}

function readForm(
	context: IExecuteFunctions,
	connection: Connection,
	item: number,
	notify: unknown,
): PaymentForm {
	const additionalFields = context.getNodeParameter('additionalFields', item, {});
	return {
		amount: context.getNodeParameter('amount', item, ''),
		amountUnit: context.getNodeParameter('amountUnit', item, 'currency') as AmountUnit,
		token: context.getNodeParameter('token', item, 'TND'),
		webhook: webhookOf(context, item, notify, additionalFields.lifespan),
		additionalFields,
		walletId: connection.walletId,
	};
}

function webhookOf(
	context: IExecuteFunctions,
	item: number,
	notify: unknown,
	lifespan: unknown,
): unknown {
	if (notify === 'none') return undefined;
	// An expression that gives nothing is a mistake to be told, not a payment of which nobody hears.
	if (notify === 'url') return context.getNodeParameter('webhook', item, '') ?? '';
	const resumeUrl = String(context.evaluateExpression('{{ $execution.resumeUrl }}', item));
	return withLifespan(resumeUrl, Number(lifespan) || '');
}

type Doubt = Extract<Outcome<never>, { ok: false }>;

/** By item. */
type Made = Record<number, { request: string; output?: IDataObject; doubt?: Doubt }>;

/** Looked up once for all items of a try: n8n evaluates an expression for it. */
const memories = new WeakMap<IExecuteFunctions, Made>();

function memoryOf(context: IExecuteFunctions): Made {
	const known = memories.get(context);
	if (known) return known;
	const run = Number(context.evaluateExpression('{{ $runIndex }}', 0));
	const memory = context.getContext('node') as { run?: number; made?: Made };
	if (memory.run !== run || !memory.made) Object.assign(memory, { run, made: {} });
	const made = memory.made ?? {};
	memories.set(context, made);
	return made;
}

/**
 * The payment that an earlier try of this very run made for this item, if any: n8n's Retry On Fail runs all items again, and
 * those that succeeded must not be paid twice, nor those of which nobody knows. The run's number keeps the turns of a loop apart, the
 * request two different calls.
 */
function madeBefore(context: IExecuteFunctions, item: number, request: PaymentRequest) {
	const made = memoryOf(context);
	const key = JSON.stringify(request);
	const before = made[item]?.request === key ? made[item] : undefined;
	return {
		output: before?.output,
		doubt: before?.doubt,
		rememberDoubt(doubt: Doubt): void {
			made[item] = { request: key, doubt };
		},
		remember(output: IDataObject): IDataObject {
			made[item] = { request: key, output };
			return output;
		},
	};
}

export const initPayment: Operation = {
	concurrency: DEFAULT_CONCURRENCY.initPayment,
	execute,
	describeEffect: ({ paymentRef, orderId }) =>
		`payment ${String(paymentRef)} was made${orderId ? ` for order "${String(orderId)}"` : ''}`,
};
