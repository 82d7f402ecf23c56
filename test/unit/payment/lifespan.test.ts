import { noteExpiry } from '../../../nodes/Konnect/payment/lifespan';

const MINUTE = 60_000;

const REF = '1'.padStart(24, '0');

describe('when a link runs out', () => {
	it('is two minutes after its lifespan, when Konnect says so', () => {
		const flow = {};
		noteExpiry(flow, REF, 10, 5_000);
		expect(flow).toEqual({ konnectExpiries: { [REF]: 5_000 + 12 * MINUTE } });
	});
});
