/** Konnect marks a payment expired about two minutes after its lifespan. Milliseconds. */
const UNTIL_EXPIRED = 2 * 60_000;

/**
 * What Init Payment leaves in the execution's context for Wait for Payment: when Konnect marks each payment expired, by its id.
 * Konnect's answers do not say when. Epoch in ms by n8n's own clock, which may differ from Konnect's.
 */
interface Flow {
	konnectExpiries?: Record<string, number>;
}

/**
 * Notes the time by which Konnect marks a payment expired if nobody pays it.
 *
 * @param minutes the link's lifespan
 * @param madeAt epoch in ms
 */
export function noteExpiry(flow: Flow, paymentId: string, minutes: number, madeAt: number): void {
	flow.konnectExpiries ??= {};
	flow.konnectExpiries[paymentId.toLowerCase()] = madeAt + minutes * 60_000 + UNTIL_EXPIRED;
}

/** Undefined if no Init Payment of this execution gave the payment a lifespan. */
export const expiryOf = ({ konnectExpiries = {} }: Flow, paymentId: string): number | undefined =>
	konnectExpiries[paymentId];

/** When a link can no longer be paid: epoch in ms; Infinity where that is not known. */
export const linkEndOf = (expiry: number | undefined) => (expiry ?? Infinity) - UNTIL_EXPIRED;
