import { checkCard } from './cards';
import type { PayInput } from './contract';
import { parseAmount } from './money';
import { amountDue, refusedAmount } from './payments';
import type { PayTexts } from './payTexts';
import type { SandboxPayment } from './types';

/** What the payer typed, by the name of the field. */
export interface FormValues {
	cardNumber: string;
	expiry: string;
	cvc: string;
	amount: string;
	name: string;
	email: string;
	phone: string;
	/** Seconds until the bank answers; empty: at once. */
	slow: string;
}

export type FormField = keyof FormValues;
export type FormErrors = Partial<Record<FormField, string>>;

const PAYER_FIELDS = { name: 'name', email: 'email', phone: 'phoneNumber' } as const;
const PAYER_NAMES = Object.keys(PAYER_FIELDS) as Array<keyof typeof PAYER_FIELDS>;

/** The payer's details are asked only where the merchant wants the form. */
export const asksPayer = ({ request }: SandboxPayment) => request.checkoutForm === true;

export const asksAmount = ({ type }: SandboxPayment) => type === 'partial';

function payerErrors(payment: SandboxPayment, values: FormValues, texts: PayTexts): FormErrors {
	if (!asksPayer(payment)) return {};
	const missing = PAYER_NAMES.filter((field) => values[field].trim() === '');
	const errors: FormErrors = Object.fromEntries(
		missing.map((field) => [field, texts.missing[field]]),
	);
	if (!errors.email && !/^[^@\s]+@[^@\s]+$/.test(values.email.trim())) {
		errors.email = texts.emailForm;
	}
	return errors;
}

/** Minor units, or what is wrong with the amount. */
function readAmount(payment: SandboxPayment, text: string, texts: PayTexts): number | string {
	if (!asksAmount(payment)) return amountDue(payment);
	const amount = parseAmount(text, payment.token);
	if (amount === undefined) return texts.amountForm;
	const refusal = refusedAmount(payment, amount);
	return refusal ? texts.amountRefused[refusal] : amount;
}

export type FormCheck =
	{ input: PayInput; errors?: undefined } | { input?: undefined; errors: FormErrors };

/** Turns the form into an attempt to pay, or says for each field what is wrong with it. */
export function checkForm(payment: SandboxPayment, values: FormValues, texts: PayTexts): FormCheck {
	const { card, errors: cardErrors } = checkCard(values, texts);
	const amount = readAmount(payment, values.amount, texts);
	const errors: FormErrors = { ...cardErrors, ...payerErrors(payment, values, texts) };
	if (typeof amount === 'string') errors.amount = amount;
	const slow = values.slow.trim();
	if (!/^\d{0,4}$/.test(slow)) errors.slow = texts.slowForm;
	if (Object.keys(errors).length > 0 || typeof amount === 'string') return { errors };

	const payer = Object.fromEntries(
		PAYER_NAMES.map((field) => [PAYER_FIELDS[field], values[field].trim()] as const),
	);
	const settlesAfter = slow === '' ? undefined : Number(slow) * 1000;
	return { input: { card, amount, settlesAfter, payer: asksPayer(payment) ? payer : undefined } };
}
