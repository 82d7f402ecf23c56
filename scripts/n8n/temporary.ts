import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from './atExit';

/** Makes a folder in the system's temporary folder that goes when this process ends, at the latest. */
export function temporaryFolder(prefix: string): string {
	const folder = mkdtempSync(join(tmpdir(), prefix));
	atExit(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}
