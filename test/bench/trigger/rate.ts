import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Call {
	status: number;
	/** Until the answer was read. */
	milliseconds: number;
}

/** Calls evenly spaced, whether those before are answered or not, as payers do. */
export async function callsAtRate(
	urls: string[],
	perSecond: number,
): Promise<{ calls: Call[]; seconds: number }> {
	const start = performance.now();
	const calls = urls.map(async (url, index) => {
		await sleep((index * 1000) / perSecond);
		return await call(url);
	});
	const answered = await Promise.all(calls);
	return { calls: answered, seconds: (performance.now() - start) / 1000 };
}

async function call(url: string): Promise<Call> {
	const start = performance.now();
	return await new Promise((resolve, reject) => {
		get(url, (response) => {
			response.resume();
			response.once('end', () =>
				resolve({ status: response.statusCode ?? 0, milliseconds: performance.now() - start }),
			);
		}).once('error', reject);
	});
}
