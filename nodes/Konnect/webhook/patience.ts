import { asTimeout } from '../api/request';

/** Resolves after some milliseconds, without keeping the process alive for it. */
export const after = (milliseconds: number) =>
	new Promise<'late'>((resolve) => {
		AbortSignal.timeout(asTimeout(milliseconds)).addEventListener('abort', () => resolve('late'), {
			once: true,
		});
	});
