/** Konnect marks a payment expired about two minutes after its lifespan. Milliseconds. */
const UNTIL_EXPIRED = 2 * 60_000;

/** So many payments of one execution are remembered with their lifespans. */
const MOST_KNOWN = 1_000;

/**
 * What Init Payment notes in the execution's context, for Wait for Payment further down: when links run out, by the payment's id.
 * Nothing that Konnect gives back tells it. Epoch in ms, of n8n's own clock, which may differ from Konnect's.
 */
interface Flow {
	konnectExpiries?: Record<string, number>;
}

/**
 * Notes when Konnect will have marked a payment expired, if it is not paid.
 *
 * @param minutes the link's lifespan
 * @param madeAt epoch in ms
 */
export function noteExpiry(flow: Flow, paymentId: string, minutes: number, madeAt: number): void {
	const expiries = (flow.konnectExpiries ??= {});
	expiries[paymentId.toLowerCase()] = madeAt + minutes * 60_000 + UNTIL_EXPIRED;
	const [oldest] = Object.keys(expiries);
	if (Object.keys(expiries).length > MOST_KNOWN && oldest !== undefined) delete expiries[oldest];
}

/** Undefined where Init Payment had no lifespan. */
export const expiryOf = ({ konnectExpiries = {} }: Flow, paymentId: string): number | undefined =>
	konnectExpiries[paymentId];

/** When a link can no longer be paid: epoch in ms; Infinity where that is not known. */
export const linkEndOf = (expiry: number | undefined) => (expiry ?? Infinity) - UNTIL_EXPIRED;
