import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { SandboxPayment } from './types';

/** Only the newest payments are kept, because each change writes the whole file. */
const KEPT = 1000;

/**
 * The payments of an earlier sandbox, oldest first; none where there is no file.
 *
 * @throws when the file holds something else
 */
export function readKept(file: string): SandboxPayment[] {
	if (!existsSync(file)) return [];
	try {
		const { payments } = JSON.parse(readFileSync(file, 'utf8')) as { payments: SandboxPayment[] };
		return [...payments];
	} catch (error) {
		throw new Error(
			`${file} does not hold a sandbox's payments: delete it to begin without any. (${String(error)})`,
		);
	}
}

/** Keeps the payments. A new file takes the place of the old one, so that a crash cannot leave half a file. */
export function keep(file: string, payments: SandboxPayment[]): void {
	const next = `${file}.new`;
	writeFileSync(next, JSON.stringify({ payments: payments.slice(-KEPT) }));
	renameSync(next, file);
}
