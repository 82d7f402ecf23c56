import { setBounded } from './bounded';

/** This many payments' pages are remembered, the newest. */
export const MOST_PAY_URLS = 1000;

/**
 * The pay pages that Konnect has given this process, by the payment's reference. Konnect tells a pay page once and never again, and one
 * put together from the reference has been seen to lead nowhere: whoever does not find a page here offers none.
 */
const payUrls = new Map<string, string>();

export function rememberPayUrl(paymentRef: string, payUrl: string): void {
	setBounded(payUrls, paymentRef.toLowerCase(), payUrl, MOST_PAY_URLS);
}

export const payUrlOf = (paymentRef: string) => payUrls.get(paymentRef.toLowerCase());
