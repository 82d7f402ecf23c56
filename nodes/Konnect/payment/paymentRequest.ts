import type { IDataObject } from 'n8n-workflow';

import type { AmountUnit } from './money';
import { isToken, toMinorUnits } from './money';
import { isObjectId } from './paymentId';
import type { Result } from './result';
import { isRecord, ok, refuse } from './result';
import { toWebUrl } from './webhookUrl';

/** What a user filled in to make a payment, before anything is checked. */
export interface PaymentForm {
	amount: unknown;
	amountUnit: AmountUnit;
	token: unknown;
	/** The address that Konnect calls; undefined where it is to call none. */
	webhook: unknown;
	/** The optional fields by Konnect's names, and `otherFields`. */
	additionalFields: Record<string, unknown>;
	/** The wallet that receives the money unless `additionalFields` names another. */
	walletId: string | undefined;
}

/** Body of POST /payments/init-payment. `amount` is in minor units, `lifespan` in minutes. */
export interface PaymentRequest extends IDataObject {
	receiverWalletId: string;
	token: string;
	amount: number;
	type: string;
	webhook?: string;
	orderId?: string;
}

type Labels = Readonly<Record<string, string>>;

/**
 * Turns what a user filled in into the body of init-payment. Only what was filled in is sent, besides `receiverWalletId`,
 * `token`, `amount` and `type`, which always are: Konnect's defaults for them are not documented.
 *
 * @param labels Konnect's field names to the labels that the user sees
 */
export function toPaymentRequest(form: PaymentForm, labels: Labels): Result<PaymentRequest> {
	const { token } = form;
	if (!isToken(token)) {
		return refuse(`'${labels.token}' is not a currency of Konnect`, 'Use TND, EUR or USD.');
	}
	const amount = toMinorUnits(form.amount, token, form.amountUnit, labels.amount ?? 'Amount');
	if (!amount.ok) return amount;

	const optional = readFields(form.additionalFields, labels);
	if (!optional.ok) return optional;
	const receiverWalletId = optional.value.receiverWalletId ?? form.walletId;
	if (typeof receiverWalletId !== 'string') {
		return refuse(
			`'${labels.receiverWalletId}' is missing`,
			"Fill in 'Wallet ID' in the credential, or add the field here.",
		);
	}
	const webhook =
		form.webhook === undefined
			? ok(undefined)
			: toWebUrl(form.webhook, labels.webhook ?? 'Webhook URL');
	if (!webhook.ok) return webhook;
	const other = readOtherFields(form.additionalFields.otherFields, labels);
	if (!other.ok) return other;

	return ok({
		...other.value,
		type: 'immediate',
		...optional.value,
		receiverWalletId,
		token,
		amount: amount.value,
		...(webhook.value !== undefined && { webhook: webhook.value }),
	});
}

type Reader = (value: unknown, label: string) => Result<unknown>;

const readText: Reader = (value, label) => {
	if (typeof value === 'string') return ok(value);
	if (typeof value === 'number' && Number.isFinite(value)) return ok(String(value));
	return refuse(`'${label}' is not text`, 'Give text, or leave the field out.');
};

const readBoolean: Reader = (value, label) => {
	if (typeof value === 'boolean') return ok(value);
	if (value === 'true' || value === 'false') return ok(value === 'true');
	return refuse(`'${label}' is neither true nor false`, 'Give true or false.');
};

const readMinutes: Reader = (value, label) => {
	const minutes = typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : value;
	if (typeof minutes === 'number' && Number.isFinite(minutes) && minutes > 0) return ok(minutes);
	return refuse(`'${label}' is not a number of minutes`, 'Give a number above zero, such as 30.');
};

const readWalletId: Reader = (value, label) => {
	const text = typeof value === 'string' ? value.trim() : value;
	if (isObjectId(text)) return ok(text);
	return refuse(
		`'${label}' is not a wallet id`,
		'A wallet id has 24 characters, each 0-9 or a-f. Copy it from the Konnect dashboard.',
	);
};

const readList: Reader = (value, label) => {
	const list = typeof value === 'string' ? (parseJson(value) ?? splitList(value)) : value;
	if (
		Array.isArray(list) &&
		list.length > 0 &&
		list.every((entry) => typeof entry === 'string' && entry !== '')
	) {
		return ok(list);
	}
	return refuse(
		`'${label}' is not a list`,
		'Choose at least one, or give a list such as ["wallet", "bank_card"].',
	);
};

const splitList = (text: string) => text.split(',').map((entry) => entry.trim());

/** How each optional field of init-payment is read, by Konnect's name for it. */
const FIELD_READERS: Readonly<Record<string, Reader>> = {
	receiverWalletId: readWalletId,
	type: readText,
	description: readText,
	acceptedPaymentMethods: readList,
	lifespan: readMinutes,
	firstName: readText,
	lastName: readText,
	phoneNumber: readText,
	email: readText,
	orderId: readText,
	link: readText,
	successUrl: toWebUrl,
	failUrl: toWebUrl,
	silentWebhook: readBoolean,
	checkoutForm: readBoolean,
	addPaymentFeesToAmount: readBoolean,
	theme: readText,
};

/** The fields that have a place of their own in the node, so that `otherFields` must not name them. */
const OWN_FIELDS = new Set(['amount', 'token', 'webhook', ...Object.keys(FIELD_READERS)]);

function readFields(fields: Record<string, unknown>, labels: Labels): Result<IDataObject> {
	const body: Record<string, unknown> = {};
	for (const [name, read] of Object.entries(FIELD_READERS)) {
		const value = fields[name];
		if (isEmpty(value)) continue;
		const result = read(value, labels[name] ?? name);
		if (!result.ok) return result;
		body[name] = result.value;
	}
	return ok(body as IDataObject);
}

function readOtherFields(input: unknown, labels: Labels): Result<IDataObject> {
	const label = labels.otherFields ?? 'Other Fields';
	if (isEmpty(input)) return ok({});
	const fields = typeof input === 'string' ? parseJson(input) : input;
	if (!isRecord(fields)) {
		return refuse(
			`'${label}' is not a JSON object`,
			'Write it in braces with names and values in double quotes, such as {"name": "value"}.',
		);
	}
	const taken = Object.keys(fields).find((name) => OWN_FIELDS.has(name));
	if (taken !== undefined) {
		return refuse(
			`'${label}' names "${taken}", which has a field of its own`,
			`Use '${labels[taken] ?? taken}' instead, and take "${taken}" out of '${label}'.`,
		);
	}
	return ok(fields as IDataObject);
}

const isEmpty = (value: unknown) => value === undefined || value === null || value === '';

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
