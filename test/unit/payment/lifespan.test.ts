import { expiryOf, withLifespan } from '../../../nodes/Konnect/payment/lifespan';

const RESUME_URL = 'https://n8n.example.com/webhook-waiting/7?signature=abc';
const CREATED = '2026-11-22T10:00:00.000Z';
const payment = (webhook: unknown, createdAt: string | null = CREATED) => ({
	raw: { webhook },
	createdAt,
});

describe('the address that resumes an execution', () => {
	it.each([
		[RESUME_URL, 30, `${RESUME_URL}&lifespan=30`],
		[RESUME_URL, '', `${RESUME_URL}&lifespan=`],
		[
			'https://n8n.example.com/webhook-waiting/7',
			5,
			'https://n8n.example.com/webhook-waiting/7?lifespan=5',
		],
	] as const)('%s carries a lifespan of %p minutes', (address, minutes, expected) => {
		expect(withLifespan(address, minutes)).toBe(expected);
	});
});

describe('the time when Konnect will have marked a payment expired', () => {
	it('is two minutes after the lifespan, counted from when it was made', () => {
		const webhook = `${withLifespan(RESUME_URL, 30)}&payment_ref=6911c8a763c10de262b88c7c`;
		expect(expiryOf(payment(webhook))).toBe(Date.parse('2026-11-22T10:32:00.000Z'));
	});

	it.each([
		['the address carries none', withLifespan(RESUME_URL, '')],
		['the address is another one', 'https://shop.example.com/hook'],
		['the address carries a word', `${RESUME_URL}&lifespan=soon`],
		['the address carries nothing but a sign', `${RESUME_URL}&lifespan=-5`],
		['the address is no address', 'merchant.tech/api?lifespan=5'],
		['there is no address', undefined],
		['there is something else in its place', false],
	])('cannot be known where %s', (_name, webhook) => {
		expect(expiryOf(payment(webhook))).toBeUndefined();
	});

	it.each([null, 'yesterday'])('cannot be known where the payment was made %p', (createdAt) => {
		expect(expiryOf(payment(withLifespan(RESUME_URL, 30), createdAt))).toBeUndefined();
	});
});
