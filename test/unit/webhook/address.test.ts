import { searchOf } from '../../../nodes/Konnect/payment/terms';
import { paymentNamedIn } from '../../../nodes/Konnect/webhook/address';
import { REF, refOf } from '../../fixtures/calls';

const HOOK = 'https://n8n.example/webhook/1?cart=7';

it.each([
	`&payment_ref=${REF}`,
	`?payment_ref=${REF}`,
	`&amp;payment_ref=${REF}`,
	`&payment_ref=${REF}&payment_ref=${REF}`,
	`&payment_ref=${REF}/`,
	`&payment_ref=${REF}%20`,
	`&payment_ref=${REF.toUpperCase()}`,
])('a payment is named by %s', (appended) => {
	expect(paymentNamedIn(searchOf(HOOK + appended))).toBe(REF);
});

it.each([
	['', 'payment_ref is missing'],
	['&payment_ref=', 'payment_ref is not a payment id'],
	['&payment_ref=abc', 'payment_ref is not a payment id'],
	[`&payment_ref=${REF}${'%20'.repeat(100)}`, 'payment_ref is not a payment id'],
	[`&payment_ref=${REF}&payment_ref=${refOf(1)}`, 'payment_ref names several payments'],
])('no payment is named by %j', (appended, reason) => {
	expect(paymentNamedIn(searchOf(HOOK + appended))).toMatchObject({ kind: 'malformed', reason });
});
