import fetch from 'node-fetch';

/** A call of each sort to an execution's address, by somebody who does not know its payment. */
export async function forgedCalls(url: string): Promise<number[]> {
	const { origin, pathname } = new URL(url);
	const nobodys = 'payment_ref=aaaaaaaaaaaaaaaaaaaaaaaa';
	const forms: Array<[address: string, method: string]> = [
		[`${url}&${nobodys}&status=completed`, 'GET'],
		[`${url}&payment_ref=__proto__`, 'HEAD'],
		[`${url}&status=completed`, 'POST'],
		[`${origin}${pathname}?${nobodys}`, 'GET'],
		[`${origin}${pathname}?signature=${'0'.repeat(64)}&${nobodys}`, 'GET'],
		[`${origin}${pathname}/paid?${nobodys}`, 'GET'],
	];
	return await Promise.all(
		forms.map(async ([address, method]) => (await fetch(address, { method })).status),
	);
}
