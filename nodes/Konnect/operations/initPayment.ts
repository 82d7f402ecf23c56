import type { IDataObject } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import { createPayment } from '../api/payments';
import { TABLES } from '../descriptions';
import { noteExpiry } from '../payment/lifespan';
import type { AmountUnit, Token } from '../payment/money';
import { toCurrencyText, toMinorUnits } from '../payment/money';
import { readBoolean, readOption } from '../payment/parameters';
import type { PaymentRequest } from '../payment/paymentRequest';
import { readFields } from '../payment/paymentRequest';
import { sentences } from '../payment/sentences';
import {
	resumeAddress,
	signingKeys,
	signWebhook,
	withoutParameters,
	withoutSignature,
} from '../payment/terms';
import { toWebhook, webhookUrlHint } from '../payment/webhookUrl';
import type { Operation } from './forEachItem';
import { addHint } from './hint';
import type { Item } from './item';
import type { Made } from './madeBefore';
import { madeBefore } from './madeBefore';

const TABLE = TABLES.initPayment;

export const initPayment: Operation = {
	name: 'initPayment',
	execute,
	describeEffect: ({ paymentRef, orderId }) =>
		`payment ${String(paymentRef)} was made${orderId ? ` for order "${String(orderId)}"` : ''}`,
};

async function execute(item: Item): Promise<IDataObject> {
	const made = madeBefore(item);
	if (made.output) return made.output;
	const making = make(item, made);
	// n8n shows only the error of the last try.
	if (made.isInDoubt) void making.catch(sayInDoubt);
	made.output = await making;
	return made.output;
}

const sayInDoubt = (error: Error & { description?: string | null }) =>
	Object.assign(error, { description: sentences(error.description, IN_DOUBT) });

async function make(item: Item, made: Made): Promise<IDataObject> {
	const connection = await item.connection();
	const notify = item.read('notify', readOption);
	const request = requestOf(item, connection, notify);
	if (notify === 'execution') request.silentWebhook ??= true;
	const body = signed(item, request, connection, notify);
	const limits = item.limits();
	warn(item, request, connection, notify);

	const outcome = await createPayment(item.context, connection, body, limits, TABLE);
	if (!outcome.ok && outcome.failure.isInDoubt) made.isInDoubt = true;
	const payment = item.answerOf(outcome);
	if (made.isInDoubt) addHint(item.context, `Item ${item.index}: ${IN_DOUBT}`, 'warning');
	if (request.lifespan !== undefined) {
		const flow = item.context.getContext('flow');
		noteExpiry(flow, payment.paymentRef, request.lifespan, Date.now());
	}
	return {
		...payment,
		amount: request.amount,
		amountInCurrency: toCurrencyText(request.amount, request.token),
		token: request.token,
		orderId: request.orderId ?? null,
		environment: connection.environment,
		webhook: request.webhook ? withoutSignature(request.webhook) : null,
	};
}

/** `type` is always sent, because Konnect's default is not documented. */
function requestOf(item: Item, { walletId }: Connection, notify: string): PaymentRequest {
	const { context, index } = item;
	const token = item.read('token', readOption) as Token;
	const unit = item.read('amountUnit', readOption) as AmountUnit;
	const amount = item.read('amount', (value, label) => toMinorUnits(value, token, unit, label));
	const fields = item.read('additionalFields', (given) => readFields(given, TABLE));
	const receiverWalletId = fields.receiverWalletId ?? walletId;
	if (typeof receiverWalletId !== 'string') throw item.error(NO_WALLET);
	const request = { type: 'immediate', ...fields, receiverWalletId, token, amount };
	if (notify === 'none') return request;
	// For instance in a tool of an MCP Server Trigger.
	if (notify === 'execution' && !context.getExecutionId()) throw item.error(NO_EXECUTION);
	const resumeUrl = () => String(context.evaluateExpression('{{ $execution.resumeUrl }}', index));
	const webhook =
		notify === 'url'
			? item.read('webhook', toWebhook)
			: item.check(resumeAddress(resumeUrl()), 'webhook', toWebhook);
	return { ...request, webhook: withoutParameters(webhook) };
}

const NO_WALLET = {
	message: "'Receiver Wallet ID' is missing",
	description: "Fill in 'Wallet ID' in the credential, or add the field here.",
};

const NO_EXECUTION = {
	message: "'Notify' cannot be 'This Execution' here",
	description: 'There is no execution that could wait. Choose another value.',
};

const IN_DOUBT =
	'An earlier try in this run got no clear answer: a payment may have been made; nobody has its link. Look in the Konnect dashboard.';

function warn(
	{ context }: Item,
	{ webhook, silentWebhook, successUrl, failUrl }: PaymentRequest,
	{ environment }: Connection,
	notify: string,
): void {
	const returnUrls = [successUrl, failUrl].filter((url) => url !== undefined);
	const say = (text: string) => addHint(context, text, 'warning');
	if (returnUrls.some((url) => !/^https?:/i.test(url))) say(OF_AN_APP);
	if (!webhook) return;
	const isSilent = silentWebhook === true;
	if (notify === 'execution' && !isSilent) say(NOT_SILENT);
	else if (returnUrls.length > 0 && !isSilent) say(NOT_RETURNED);
	const hint = webhookUrlHint(webhook, {
		isSilent,
		isOwnExecution: notify === 'execution',
		isCustomEnvironment: environment === 'custom',
	});
	if (hint) say(hint);
}

const NOT_SILENT =
	"After paying, the payer's browser is sent to this execution, which answers only once: reloading the page shows an n8n error. Leave 'Silent Webhook' on, so that Konnect calls it instead.";

const NOT_RETURNED =
	"Konnect ignores 'Success URL' and 'Fail URL' here, because it sends the payer's browser to the webhook. Turn on 'Silent Webhook', so that Konnect calls the webhook itself and the payer goes to your pages.";

const OF_AN_APP =
	"'Success URL' or 'Fail URL' has a scheme of an app's own. Konnect is not known to take it: try it in the sandbox first.";

/**
 * Signs the payment's terms into the webhook, and into a Success or Fail URL that is the same address. So with a silent webhook,
 * both Konnect's server and the payer's browser can call the trigger, in any order.
 */
function signed(
	item: Item,
	request: PaymentRequest,
	connection: Connection,
	notify: string,
): PaymentRequest {
	const isWanted = item.read('options.signWebhook', readBoolean);
	// The address that resumes an execution has n8n's own signature.
	if (!request.webhook || notify !== 'url' || !isWanted) return request;
	const { webhook } = request;
	const ofTheWebhook = ['webhook', 'successUrl', 'failUrl'].filter((name) => {
		const address = request[name];
		return typeof address === 'string' && withoutParameters(address) === webhook;
	});
	const address = signWebhook(webhook, request, signingKeys(connection)[0]);
	return { ...request, ...Object.fromEntries(ofTheWebhook.map((name) => [name, address])) };
}
