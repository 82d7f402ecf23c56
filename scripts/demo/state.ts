import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DATA_DIR } from './paths';

/** What earlier starts have put into n8n, so that a later one finds it whatever the user renamed. */
export interface DemoState {
	credentialId?: string;
	/** The address that the credential was last given. */
	baseUrl?: string;
	/** The ids of the imported examples, by their file's name. */
	workflows: Record<string, string>;
	/** The trigger's address that was last written into an example that makes payments, by its file's name. */
	triggerUrls: Record<string, string>;
}

const FILE = join(DATA_DIR, 'setup.json');

export async function readState(): Promise<DemoState> {
	const text = await readFile(FILE, 'utf8').catch(() => '{}');
	return { workflows: {}, triggerUrls: {}, ...(JSON.parse(text) as Partial<DemoState>) };
}

export async function writeState(state: DemoState): Promise<void> {
	await writeFile(FILE, `${JSON.stringify(state, null, '\t')}\n`);
}
