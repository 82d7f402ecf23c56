import fetch from 'node-fetch';

export const FORGED = 100;

/** Calls of all sorts to an execution's address, by somebody who does not know its payment. */
export async function forgedCalls(url: string): Promise<number[]> {
	const { origin, pathname } = new URL(url);
	const forms: Array<[address: string, method: string]> = [
		[`${url}&payment_ref=aaaaaaaaaaaaaaaaaaaaaaaa&status=completed`, 'GET'],
		[`${url}&state=paid`, 'GET'],
		[`${url}&payment_ref[]=x&payment_ref[$ne]=`, 'GET'],
		[`${url}&payment_ref=__proto__`, 'HEAD'],
		[`${url}&status=completed`, 'POST'],
		[`${origin}${pathname}?payment_ref=aaaaaaaaaaaaaaaaaaaaaaaa`, 'GET'],
		[
			`${origin}${pathname}?signature=${'0'.repeat(64)}&payment_ref=aaaaaaaaaaaaaaaaaaaaaaaa`,
			'GET',
		],
		[`${origin}${pathname}/paid?payment_ref=aaaaaaaaaaaaaaaaaaaaaaaa`, 'GET'],
	];
	return await Promise.all(
		Array.from({ length: FORGED }, async (_, n) => {
			const [address, method] = forms[n % forms.length] as [string, string];
			return (await fetch(address, { method })).status;
		}),
	);
}
