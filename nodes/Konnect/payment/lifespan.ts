import type { Payment } from './payment';

/**
 * The parameter in which the address that resumes an execution carries the link's lifespan: Konnect gives the address back with
 * the payment, and nothing else tells how long the link can be paid.
 */
const PARAMETER = 'lifespan';

/** Konnect marks a payment expired about two minutes after its lifespan. Milliseconds. */
const UNTIL_EXPIRED = 2 * 60_000;

/**
 * The address that resumes an execution, with a parameter behind n8n's signature, so that the signature survives whatever is put
 * at the end of the address.
 *
 * @param minutes empty where the link's lifespan is Konnect's own
 */
export function withLifespan(resumeUrl: string, minutes: number | ''): string {
	return `${resumeUrl}${resumeUrl.includes('?') ? '&' : '?'}${PARAMETER}=${minutes}`;
}

/** When Konnect will have marked a payment expired, if it is not paid: epoch in ms; undefined where it cannot be known. */
export function expiryOf({
	raw,
	createdAt,
}: Pick<Payment, 'raw' | 'createdAt'>): number | undefined {
	const { webhook } = raw;
	if (typeof webhook !== 'string' || !URL.canParse(webhook)) return undefined;
	const minutes = Number(new URL(webhook).searchParams.get(PARAMETER));
	const made = Date.parse(createdAt ?? '');
	if (!(minutes > 0) || Number.isNaN(made)) return undefined;
	return made + minutes * 60_000 + UNTIL_EXPIRED;
}
