import type { IDataObject } from 'n8n-workflow';

import type { FieldTable, Reader } from './parameters';
import {
	labelOf,
	misfit,
	readBoolean,
	readField,
	readNumber,
	readOption,
	readOptionalText,
	readOptions,
	readText,
} from './parameters';
import { isObjectId } from './paymentId';
import type { Result } from './result';
import { isRecord, ok, refuse } from './result';
import { toReturnUrl } from './webhookUrl';

/** Body of POST /payments/init-payment. `amount` is in minor units, `lifespan` in minutes. */
export interface PaymentRequest extends IDataObject {
	receiverWalletId: string;
	token: string;
	amount: number;
	lifespan?: number;
	webhook?: string;
	orderId?: string;
	successUrl?: string;
	failUrl?: string;
}

const LONGEST_LIFESPAN = 365 * 24 * 60;

const readMinutes = readNumber({ min: 1, max: LONGEST_LIFESPAN, whole: true });

const readWalletId: Reader = (value, label) => {
	const text = readText(value, label);
	if (!text.ok || isObjectId(text.value)) return text;
	return refuse(
		misfit(text.value, `'${label}'`, 'a wallet id'),
		'A wallet id has 24 characters, each 0-9 or a-f. Copy it from the Konnect dashboard.',
	);
};

const TUNISIAN = /^(?:(?:\+|00)?216)?(\d{8})$/;

/** Reduces a Tunisian number to its eight digits, the form that integrators send. Leaves any other number as typed. */
const readPhone: Reader<string> = (value, label) => {
	const text = readOptionalText(value, label);
	if (!text.ok) return text;
	const [, digits] = TUNISIAN.exec(text.value.replace(/[\s.()\u2010-\u2015-]/g, '')) ?? [];
	return digits ? ok(digits) : text;
};

/** How each optional field of init-payment is read, by Konnect's name for it. A field that reads as empty text is not sent. */
const FIELD_READERS: Readonly<Record<string, Reader>> = {
	receiverWalletId: readWalletId,
	type: readOption,
	description: readOptionalText,
	acceptedPaymentMethods: readOptions,
	lifespan: readMinutes,
	firstName: readOptionalText,
	lastName: readOptionalText,
	phoneNumber: readPhone,
	email: readOptionalText,
	orderId: readText,
	link: readText,
	successUrl: toReturnUrl,
	failUrl: toReturnUrl,
	silentWebhook: readBoolean,
	checkoutForm: readBoolean,
	addPaymentFeesToAmount: readBoolean,
	theme: readOption,
};

/** Fields that `otherFields` must not name: the money, who receives it, and whom Konnect tells. */
const NEVER_OTHER = ['amount', 'token', 'webhook', 'receiverWalletId'];

/**
 * Turns the optional fields that were added to the node, by Konnect's names, and `otherFields` into what is sent. A field that
 * comes out empty is refused, except the payer's own data and the description.
 */
export function readFields(fields: unknown, table: FieldTable): Result<IDataObject> {
	if (!isRecord(fields)) {
		return refuse(
			misfit(fields, `'${labelOf('additionalFields', table)}'`, 'an object'),
			'Add the fields one by one, or make the expression return an object with these field names.',
		);
	}
	const body: Record<string, unknown> = {};
	for (const [name, read] of Object.entries(FIELD_READERS)) {
		if (!Object.hasOwn(fields, name)) continue;
		const result = readField(fields[name], name, read, table);
		if (!result.ok) return result;
		if (result.value !== '') body[name] = result.value;
	}
	if (!Object.hasOwn(fields, 'otherFields')) return ok(body as IDataObject);
	const other = readOtherFields(fields.otherFields, Object.keys(fields), table);
	return other.ok ? ok({ ...other.value, ...body } as IDataObject) : other;
}

/**
 * Reads further fields, by Konnect's names. A field of the node may be set here if it was not added there. So a choice that
 * Konnect adds later, such as a payment method, needs no new version of the node.
 */
function readOtherFields(
	input: unknown,
	taken: readonly string[],
	table: FieldTable,
): Result<IDataObject> {
	const label = labelOf('otherFields', table);
	const fields = typeof input === 'string' ? parseJson(input) : input;
	if (!isRecord(fields)) {
		return refuse(
			misfit(input, `'${label}'`, 'a JSON object'),
			'Write it in braces with names and values in double quotes, such as {"name": "value"}.',
		);
	}
	const body: IDataObject = {};
	for (const [name, value] of Object.entries(fields)) {
		if (NEVER_OTHER.includes(name) || taken.includes(name)) {
			return refuse(
				`'${label}' names "${name}", which has a field of its own`,
				`Use '${labelOf(name, table)}' instead, and take "${name}" out of '${label}'.`,
			);
		}
		const isChoice = table[name]?.options !== undefined;
		const read = isChoice || !Object.hasOwn(FIELD_READERS, name) ? undefined : FIELD_READERS[name];
		const result = read ? readField(value, name, read, table) : ok(value);
		if (!result.ok) return result;
		body[name] = result.value as IDataObject;
	}
	return ok(body);
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
