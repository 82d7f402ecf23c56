import type { Caller } from '../../../nodes/Konnect/webhook/answer';
import { answerTo, logLineFor } from '../../../nodes/Konnect/webhook/answer';
import type { Surroundings } from '../../../nodes/Konnect/webhook/receive';
import type { Reception } from '../../../nodes/Konnect/webhook/reception';
import { receive } from '../../../nodes/Konnect/webhook/receive';
import { failure, success, worldOf } from '../../fixtures/calls';
import { connection } from '../../fixtures/konnect';
import { changed, documentedPartlyPaid, partial, pending } from '../../fixtures/payments';

const PAYMENT = { payment_ref: pending.payment.id, cart_id: '<script>6670</script>' };
const payer = { name: 'Test Payer', email: 'payer@example.com', phoneNumber: '+21622777777' };
const paid = changed(pending, {
	status: 'completed',
	amount: 87_654,
	orderId: 'ORDER-77',
	paymentDetails: payer,
}) as typeof pending;
const partlyPaid = changed(partial, { reachedAmount: 43_210, paymentDetails: payer });

const settings = (events: Array<'paid' | 'any' | 'unverified'>, expected = {}) => ({
	settings: { events, expected },
});

const server: Caller = {
	respond: 'auto',
	successUrl: '',
	failUrl: '',
	accept: '*/*',
	acceptLanguage: undefined,
};
const browser: Caller = { ...server, accept: 'text/html,*/*;q=0.8', acceptLanguage: 'fr' };

const signing = (around: Surroundings): Surroundings => {
	const webhookSecrets = ['an invented secret of some length'];
	return {
		...around,
		credential: {
			key: 'signing',
			read: async () => ({ ok: true, value: { ...connection, webhookSecrets } }),
		},
	};
};

/** What calls come to, one of each kind. */
const CALLS: Array<
	[name: string, reception: () => Promise<Reception>, status: number, result: string]
> = [
	['malformed', () => receive({}, worldOf(success(paid)).around), 400, 'refused'],
	['unsigned', () => receive(PAYMENT, signing(worldOf(success(paid)).around)), 401, 'refused'],
	['unknown', () => receive(PAYMENT, worldOf(failure('notFound')).around), 404, 'refused'],
	['refused by key', () => receive(PAYMENT, worldOf(failure('keyRefused')).around), 502, 'failed'],
	['in an outage', () => receive(PAYMENT, worldOf(failure('unavailable')).around), 503, 'failed'],
	[
		'about a pending payment',
		() => receive(PAYMENT, worldOf(success(pending)).around),
		200,
		'ignored',
	],
	[
		'about an unexpected payment',
		() =>
			receive(
				PAYMENT,
				worldOf(success(paid), settings(['any'], { amount: 1, orderId: 'ORDER-78' })).around,
			),
		200,
		'ignored',
	],
	[
		'about a foreign payment',
		() =>
			receive(
				{ payment_ref: documentedPartlyPaid.payment.id },
				worldOf(success(documentedPartlyPaid), settings(['any'])).around,
			),
		200,
		'ignored',
	],
	[
		'about a known payment',
		() =>
			receive(
				PAYMENT,
				worldOf(success(paid), { record: `another ${pending.payment.id}:paid` }).around,
			),
		200,
		'duplicate',
	],
	['about a paid payment', () => receive(PAYMENT, worldOf(success(paid)).around), 200, 'accepted'],
	[
		'about a partly paid payment',
		() =>
			receive(PAYMENT, worldOf(success(partlyPaid as typeof pending), settings(['any'])).around),
		200,
		'accepted',
	],
	[
		'unverified',
		() => receive(PAYMENT, worldOf(failure('unavailable'), settings(['unverified'])).around),
		200,
		'accepted',
	],
];

describe('the answer to a call', () => {
	it.each(CALLS)('that is %s has its status and says what became of it', async (...call) => {
		const [, reception, status, result] = call;
		const answer = answerTo(await reception(), server);
		expect(answer).toMatchObject({ status, body: { result } });
		expect(Object.keys(answer.body)).toContain(result === 'accepted' ? 'state' : 'reason');
		expect(answer.headers['Cache-Control']).toBe('no-store');
	});

	it.each(CALLS)(
		'that is %s tells a stranger nothing about payer or money',
		async (_name, call) => {
			const reception = await call();
			const told = [server, browser].map((caller) => JSON.stringify(answerTo(reception, caller)));
			const secrets = [
				...Object.values(payer),
				'87654',
				'87.654',
				'43210',
				'ORDER-7',
				'123456',
				connection.apiKey,
				connection.walletId,
				'6706b08e0d21eb0194727cb3',
				'<script',
				'6670',
				'See to it',
			];
			for (const secret of secrets) expect(told.join()).not.toContain(secret);
		},
	);

	it('asks for a repeat in ten seconds where the call could not be handled', async () => {
		const { around } = worldOf(failure('unavailable'));
		expect(answerTo(await receive(PAYMENT, around), server).headers['Retry-After']).toBe('10');
	});

	it.each(CALLS.filter(([, , status]) => status !== 503))(
		'that is %s asks for no repeat',
		async (_name, call) => {
			expect(answerTo(await call(), server).headers).not.toHaveProperty('Retry-After');
		},
	);
});

describe('the line in the log', () => {
	it.each(CALLS)('for a call that is %s says status and reason', async (...call) => {
		const [, reception, status, result] = call;
		const line = logLineFor(await reception(), 'Konnect Trigger');
		expect(line).toMatch(new RegExp(`^Konnect Trigger\\D* ${status} ${result}: \\S`));
		for (const secret of [...Object.values(payer), connection.apiKey]) {
			expect(line).not.toContain(secret);
		}
	});

	it('has the problem that the owner of the workflow has to see to', async () => {
		const { around } = worldOf(failure('keyRefused'));
		const line = logLineFor(await receive(PAYMENT, around), 'Konnect Trigger');
		expect(line).toContain('it is keyRefused. See to it.');
	});
});
