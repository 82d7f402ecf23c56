import { expiryOf, linkEndOf, noteExpiry } from '../../../nodes/Konnect/payment/lifespan';

const MINUTE = 60_000;

it('a link runs out after its lifespan, and Konnect says so two minutes later', () => {
	const flow = {};
	noteExpiry(flow, 'A'.repeat(24), 10, 5_000);
	const expiry = expiryOf(flow, 'a'.repeat(24));
	expect(expiry).toBe(5_000 + 12 * MINUTE);
	expect(linkEndOf(expiry)).toBe(5_000 + 10 * MINUTE);
	expect(expiryOf(flow, 'b'.repeat(24))).toBeUndefined();
	expect([expiryOf({}, 'b'.repeat(24)), linkEndOf(undefined)]).toEqual([undefined, Infinity]);
});
