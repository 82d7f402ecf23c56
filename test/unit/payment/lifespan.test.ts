import { expiryOf, noteExpiry } from '../../../nodes/Konnect/payment/lifespan';

const MINUTE = 60_000;

const refOf = (n: number) => n.toString(16).padStart(24, '0');

describe('when a link runs out', () => {
	it('is two minutes after its lifespan, when Konnect says so', () => {
		const flow = {};
		noteExpiry(flow, refOf(1), 10, 5_000);
		expect(flow).toEqual({ konnectExpiries: { [refOf(1)]: 5_000 + 12 * MINUTE } });
	});

	it('is remembered for the last thousand payments of an execution', () => {
		const flow: { konnectExpiries?: Record<string, number> } = {};
		for (let n = 0; n < 1_200; n++) noteExpiry(flow, refOf(n), 1, n);
		expect(Object.keys(flow.konnectExpiries ?? {})).toHaveLength(1_000);
		expect(expiryOf(flow, refOf(1_199))).toBe(1_199 + 3 * MINUTE);
		expect(expiryOf(flow, refOf(0))).toBeUndefined();
	});
});
