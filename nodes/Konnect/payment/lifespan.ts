/** Konnect marks a payment expired about two minutes after its lifespan. Milliseconds. */
const UNTIL_EXPIRED = 2 * 60_000;

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
	flow.konnectExpiries ??= {};
	flow.konnectExpiries[paymentId.toLowerCase()] = madeAt + minutes * 60_000 + UNTIL_EXPIRED;
}

/** Undefined where Init Payment had no lifespan. */
export const expiryOf = ({ konnectExpiries = {} }: Flow, paymentId: string): number | undefined =>
	konnectExpiries[paymentId];

/** When a link can no longer be paid: epoch in ms; Infinity where that is not known. */
export const linkEndOf = (expiry: number | undefined) => (expiry ?? Infinity) - UNTIL_EXPIRED;
