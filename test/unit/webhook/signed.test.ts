import type { Terms } from '../../../nodes/Konnect/payment/terms';
import { signWebhook } from '../../../nodes/Konnect/payment/terms';
import { receive } from '../../../nodes/Konnect/webhook/receive';
import { success, worldOf } from '../../fixtures/calls';
import { connection } from '../../fixtures/konnect';
import { realCompleted } from '../../fixtures/payments';

const PAID = { payment_ref: realCompleted.payment.id };

describe('where the credential has a webhook secret', () => {
	const webhookSecrets = ['an invented secret of some length'];
	const signedCall = (terms: Terms, secret = webhookSecrets[0] ?? '') => {
		const url = new URL(signWebhook('https://n8n.example.com/webhook/1', terms, secret));
		return { ...PAID, ...Object.fromEntries(url.searchParams) };
	};
	const TERMS = { amount: 290, token: 'TND', orderId: 'ORDER-1' };
	const signingWorld = (settings = {}) =>
		worldOf(success(realCompleted), {
			settings,
			credential: {
				key: 'signing',
				read: async () => ({ ok: true, value: { ...connection, webhookSecrets } }),
			},
		});

	it('a call with signed terms runs the workflow, and keeps them to itself', async () => {
		const reception = await receive(signedCall(TERMS), signingWorld().around);
		expect(reception).toMatchObject({ kind: 'run', call: { query: {} } });
	});

	it.each([
		['without terms', PAID],
		['with terms that another secret signed', signedCall(TERMS, 'another secret, as long')],
		['with terms given twice', { ...PAID, konnect_terms: ['x', 'y'] }],
	])('a call %s is unsigned, and Konnect is not asked', async (_name, call) => {
		const { around, asked } = signingWorld();
		expect(await receive(call, around)).toMatchObject({ kind: 'unsigned' });
		expect(asked.read).toBe(0);
	});

	it('a call without terms can be let through, but never one with a wrong signature', async () => {
		const { around } = signingWorld({ acceptUnsigned: true });
		const forged = signedCall(TERMS, 'another secret, as long');
		expect(await receive(forged, around)).toMatchObject({ kind: 'unsigned' });
		expect(await receive(PAID, around)).toMatchObject({ kind: 'run' });
	});

	it.each([{ amount: 29 }, { token: 'EUR' }, { orderId: 'ORDER-2' }])(
		'a payment with other terms than the signed %j does not run the workflow',
		async (other) => {
			const call = signedCall({ ...TERMS, ...other });
			expect(await receive(call, signingWorld().around)).toMatchObject({ kind: 'mismatched' });
		},
	);
});
