import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import packageJson from '../../../package.json';
import { DEFAULT_VERSION, installN8n } from '../../../scripts/n8n/install';
import { machine } from './markdown';

/** When, where and with what a part was measured, and how busy the machine was before. To be called before measuring. */
export async function circumstances(name: string): Promise<string> {
	const [load = NaN] = loadavg();
	const { node } = await installN8n(DEFAULT_VERSION, { progress: console.log });
	const version = execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim();
	return [
		`Measured on ${new Date().toISOString().slice(0, 10)} with \`npm run bench -- --only ${name}\`:`,
		`n8n ${DEFAULT_VERSION} on Node ${version}, n8n-nodes-konnect ${packageJson.version}, ${machine()}.`,
		`Load of the machine in the minute before: ${load.toFixed(1)}.`,
	].join(' ');
}
