import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { stripExchange } from './strip';
import type { Account, Exchange } from './talk';

/** `07-get-404.json`. */
const nameOf = ({ request, answer }: Exchange, index: number) =>
	[
		String(index + 1).padStart(2, '0'),
		request.url.endsWith('/init-payment') ? 'init' : request.method.toLowerCase(),
		answer.status,
	].join('-');

/** Writes each exchange, stripped, into a file of its own, in the place of those that were there. */
export function record(exchanges: readonly Exchange[], account: Account, folder: string): void {
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	exchanges.forEach((exchange, index) => {
		const text = JSON.stringify(stripExchange(exchange, account), null, '\t');
		writeFileSync(join(folder, `${nameOf(exchange, index)}.json`), `${text}\n`);
	});
}
