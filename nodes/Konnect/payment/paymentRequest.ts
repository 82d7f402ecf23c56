import type { IDataObject } from 'n8n-workflow';

import type { AmountUnit, Token } from './money';
import { toMinorUnits } from './money';
import type { Choice } from './parameters';
import {
	misfit,
	readBoolean,
	readNumber,
	readOption,
	readOptionalText,
	readOptions,
	readText,
} from './parameters';
import { isObjectId } from './paymentId';
import type { Result } from './result';
import { isRecord, ok, refuse } from './result';
import { withoutParameters } from './terms';
import { toWebUrl } from './webhookUrl';

/** What a user filled in to make a payment, before anything is checked. */
export interface PaymentForm {
	amount: unknown;
	amountUnit: unknown;
	token: unknown;
	/** The address that Konnect calls; undefined where it is to call none. */
	webhook: unknown;
	/** The optional fields that stand in the node, by Konnect's names, and `otherFields`. */
	additionalFields: unknown;
	/** The wallet that receives the money unless `additionalFields` names another. */
	walletId: string | undefined;
}

/** Body of POST /payments/init-payment. `amount` is in minor units, `lifespan` in minutes. */
export interface PaymentRequest extends IDataObject {
	receiverWalletId: string;
	token: string;
	amount: number;
	type: string;
	lifespan?: number;
	webhook?: string;
	orderId?: string;
}

/** What the user sees of the fields, by their names. */
export interface Table {
	labels: Readonly<Record<string, string>>;
	choices: Readonly<Record<string, readonly Choice[]>>;
}

/**
 * Turns what a user filled in into the body of init-payment. Only what was filled in is sent, besides `receiverWalletId`,
 * `token`, `amount` and `type`, which always are: Konnect's defaults for them are not documented. A field that stands in the node
 * and comes out as nothing is refused, but for the payer's own data and the description.
 */
export function toPaymentRequest(form: PaymentForm, table: Table): Result<PaymentRequest> {
	const token = readOption(form.token, ...seenAs('token', table));
	if (!token.ok) return token;
	const unit = readOption(form.amountUnit, ...seenAs('amountUnit', table));
	if (!unit.ok) return unit;
	const amount = toMinorUnits(
		form.amount,
		token.value as Token,
		unit.value as AmountUnit,
		labelOf('amount', table),
	);
	if (!amount.ok) return amount;

	const optional = readFields(form.additionalFields, table);
	if (!optional.ok) return optional;
	const receiverWalletId = optional.value.receiverWalletId ?? form.walletId;
	if (typeof receiverWalletId !== 'string') {
		return refuse(
			`'${labelOf('receiverWalletId', table)}' is missing`,
			"Fill in 'Wallet ID' in the credential, or add the field here.",
		);
	}
	const webhook = form.webhook === undefined ? ok(undefined) : readWebhook(form.webhook, table);
	if (!webhook.ok) return webhook;

	return ok({
		type: 'immediate',
		...optional.value,
		receiverWalletId,
		token: token.value,
		amount: amount.value,
		...(webhook.value !== undefined && { webhook: webhook.value }),
	});
}

const labelOf = (name: string, { labels }: Table) => labels[name] ?? name;

/** A field as the user sees it: its label, and what there is to choose from. */
const seenAs = (name: string, table: Table) =>
	[labelOf(name, table), table.choices[name] ?? []] as const;

function readWebhook(value: unknown, table: Table): Result<string> {
	const webhook = toWebUrl(value, labelOf('webhook', table));
	return webhook.ok ? ok(withoutParameters(webhook.value)) : webhook;
}

type Reader = (value: unknown, label: string, choices: readonly Choice[]) => Result<unknown>;

const LONGEST_LIFESPAN = 365 * 24 * 60;

const readMinutes: Reader = (value, label) =>
	readNumber(value, label, { min: 1, max: LONGEST_LIFESPAN, whole: true });

const readWalletId: Reader = (value, label) => {
	const text = readText(value, label);
	if (!text.ok || isObjectId(text.value)) return text;
	return refuse(
		misfit(text.value, `'${label}'`, 'a wallet id'),
		'A wallet id has 24 characters, each 0-9 or a-f. Copy it from the Konnect dashboard.',
	);
};

/** How each optional field of init-payment is read, by Konnect's name for it. What may come out empty is not sent then. */
const FIELD_READERS: Readonly<Record<string, Reader>> = {
	receiverWalletId: readWalletId,
	type: readOption,
	description: readOptionalText,
	acceptedPaymentMethods: readOptions,
	lifespan: readMinutes,
	firstName: readOptionalText,
	lastName: readOptionalText,
	phoneNumber: readOptionalText,
	email: readOptionalText,
	orderId: readText,
	link: readText,
	successUrl: toWebUrl,
	failUrl: toWebUrl,
	silentWebhook: readBoolean,
	checkoutForm: readBoolean,
	addPaymentFeesToAmount: readBoolean,
	theme: readOption,
};

/** The fields that have a place of their own in the node, so that `otherFields` must not name them. */
const OWN_FIELDS = new Set(['amount', 'token', 'webhook', ...Object.keys(FIELD_READERS)]);

function readFields(fields: unknown, table: Table): Result<IDataObject> {
	if (!isRecord(fields)) {
		return refuse(
			misfit(fields, `'${labelOf('additionalFields', table)}'`, 'an object'),
			'Add the fields one by one, or have the expression give an object with their names.',
		);
	}
	const body: Record<string, unknown> = {};
	for (const [name, read] of Object.entries(FIELD_READERS)) {
		if (!Object.hasOwn(fields, name)) continue;
		const result = read(fields[name], ...seenAs(name, table));
		if (!result.ok) return result;
		if (result.value !== '') body[name] = result.value;
	}
	if (!Object.hasOwn(fields, 'otherFields')) return ok(body as IDataObject);
	const other = readOtherFields(fields.otherFields, table);
	return other.ok ? ok({ ...other.value, ...body } as IDataObject) : other;
}

function readOtherFields(input: unknown, table: Table): Result<IDataObject> {
	const label = labelOf('otherFields', table);
	const fields = typeof input === 'string' ? parseJson(input) : input;
	if (!isRecord(fields)) {
		return refuse(
			misfit(input, `'${label}'`, 'a JSON object'),
			'Write it in braces with names and values in double quotes, such as {"name": "value"}.',
		);
	}
	const taken = Object.keys(fields).find((name) => OWN_FIELDS.has(name));
	if (taken !== undefined) {
		return refuse(
			`'${label}' names "${taken}", which has a field of its own`,
			`Use '${labelOf(taken, table)}' instead, and take "${taken}" out of '${label}'.`,
		);
	}
	return ok(fields as IDataObject);
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
