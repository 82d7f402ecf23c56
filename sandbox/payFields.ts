import { html } from 'hono/html';
import type { Html, Theme } from './page';
import type { FormErrors, FormField, FormValues } from './payForm';
import { PAY_TEXTS, type Language, type PayTexts } from './payTexts';
import type { SandboxPayment } from './types';

/** How the reader wants a page. */
export interface View {
	theme: Theme;
	language: Language;
}

export interface FormView extends View {
	payment: SandboxPayment;
	values: FormValues;
	errors: FormErrors;
}

interface FieldView {
	hint?: (texts: PayTexts) => string;
	type?: 'text' | 'email' | 'tel';
	autocomplete: string;
	inputmode?: 'numeric' | 'decimal';
}

const FIELDS: Record<FormField, FieldView> = {
	amount: { autocomplete: 'off', inputmode: 'decimal' },
	cardNumber: { autocomplete: 'cc-number', inputmode: 'numeric' },
	expiry: { hint: ({ monthYear }) => monthYear, autocomplete: 'cc-exp', inputmode: 'numeric' },
	cvc: { hint: ({ digits }) => digits, autocomplete: 'cc-csc', inputmode: 'numeric' },
	name: { autocomplete: 'name' },
	email: { type: 'email', autocomplete: 'email' },
	phone: { type: 'tel', autocomplete: 'tel' },
	slow: { hint: ({ seconds }) => seconds, autocomplete: 'off', inputmode: 'numeric' },
};

/** A field of the form with its label, and what is wrong with it. */
export function field(name: FormField, { values, errors, language }: FormView): Html {
	const { hint, type = 'text', autocomplete, inputmode = 'text' } = FIELDS[name];
	const texts = PAY_TEXTS[language];
	const error = errors[name];
	const hinted = hint ? html`<span class="hint">${hint(texts)}</span>` : '';
	return html`<div>
		<label for="${name}">${texts.fields[name]} ${hinted}</label>
		<input
			id="${name}"
			name="${name}"
			type="${type}"
			dir="${name === 'name' ? 'auto' : 'ltr'}"
			value="${values[name]}"
			required
			autocomplete="${autocomplete}"
			inputmode="${inputmode}"
			${error ? html`aria-invalid="true" aria-describedby="${name}-error"` : ''}
		/>
		${error ? html`<p class="error" id="${name}-error">${error}</p>` : ''}
	</div>`;
}
