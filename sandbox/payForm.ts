import { checkCard } from './cards';
import type { PayInput } from './contract';
import { parseAmount } from './money';
import { amountDue, refusedAmount } from './payments';
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
}

export type FormField = keyof FormValues;
export type FormErrors = Partial<Record<FormField, string>>;

const PAYER_FIELDS = { name: 'name', email: 'email', phone: 'phoneNumber' } as const;
const MISSING_PAYER: Record<keyof typeof PAYER_FIELDS, string> = {
	name: 'Enter your name.',
	email: 'Enter your email address.',
	phone: 'Enter your phone number.',
};
const PAYER_NAMES = Object.keys(MISSING_PAYER) as Array<keyof typeof PAYER_FIELDS>;

/** The payer's details are asked only where the merchant wants the form. */
export const asksPayer = ({ request }: SandboxPayment) => request.checkoutForm === true;

export const asksAmount = ({ type }: SandboxPayment) => type === 'partial';

function payerErrors(payment: SandboxPayment, values: FormValues): FormErrors {
	if (!asksPayer(payment)) return {};
	const missing = PAYER_NAMES.filter((field) => values[field].trim() === '');
	const errors: FormErrors = Object.fromEntries(
		missing.map((field) => [field, MISSING_PAYER[field]]),
	);
	if (!errors.email && !/^[^@\s]+@[^@\s]+$/.test(values.email.trim())) {
		errors.email = 'An email address looks like name@example.com.';
	}
	return errors;
}

/** Minor units, or what is wrong with the amount. */
function readAmount(payment: SandboxPayment, text: string): number | string {
	if (!asksAmount(payment)) return amountDue(payment);
	const amount = parseAmount(text, payment.token);
	if (amount === undefined) return 'Enter an amount in digits, for example 12.5.';
	return refusedAmount(payment, amount) ?? amount;
}

export type FormCheck =
	{ input: PayInput; errors?: undefined } | { input?: undefined; errors: FormErrors };

/** Turns the form into an attempt to pay, or says for each field what is wrong with it. */
export function checkForm(payment: SandboxPayment, values: FormValues): FormCheck {
	const { card, errors: cardErrors } = checkCard(values);
	const amount = readAmount(payment, values.amount);
	const errors: FormErrors = { ...cardErrors, ...payerErrors(payment, values) };
	if (typeof amount === 'string') errors.amount = amount;
	if (Object.keys(errors).length > 0 || typeof amount === 'string') return { errors };

	const payer = Object.fromEntries(
		PAYER_NAMES.map((field) => [PAYER_FIELDS[field], values[field].trim()] as const),
	);
	return { input: { card, amount, payer: asksPayer(payment) ? payer : undefined } };
}
