import { isHttpUrl } from './validation';

/** Appends `payment_ref` as Konnect does: what the query held before stays as it was written. */
export function withPaymentRef(url: string, ref: string): string {
	const [, address = '', fragment = ''] = /^([^#]*)(.*)$/s.exec(url) ?? [];
	const separator = !address.includes('?') ? '?' : /[?&]$/.test(address) ? '' : '&';
	return `${address}${separator}payment_ref=${ref}${fragment}`;
}

/**
 * The URL as a browser can be sent to it: letters outside ASCII encoded. Undefined for anything but
 * http and https, since successUrl and failUrl may be any string.
 */
export const asLocation = (url: string): string | undefined =>
	isHttpUrl(url) ? new URL(url).href : undefined;
