import fetch from 'node-fetch';
import { isFree } from '../n8n/ports';

export interface Ports {
	port: number;
	sandboxPort: number;
}

export const addressOf = (port: number) => `http://127.0.0.1:${port}`;

/** @throws when a port is taken, saying by whom where that can be told, and what to do */
export async function checkPorts({ port, sandboxPort }: Ports, command: string): Promise<void> {
	for (const [flag, number] of [
		['--port', port],
		['--sandbox-port', sandboxPort],
	] as const) {
		if (await isFree(number)) continue;
		const isOurs = await isSandbox(sandboxPort);
		const who = isOurs
			? `Another npm start seems to run: a Konnect sandbox is at ${addressOf(sandboxPort)}/admin. `
			: '';
		throw new Error(
			`${who}Port ${number} is taken by ${isOurs ? 'it or ' : ''}another program. End that one, or choose another port:\n` +
				`  ${command} -- ${flag} ${number + 1}`,
		);
	}
}

/** Whether a sandbox like ours listens there. */
async function isSandbox(port: number): Promise<boolean> {
	try {
		const answer = await fetch(`${addressOf(port)}/healthz`, { signal: AbortSignal.timeout(2000) });
		return ((await answer.json()) as { service?: string }).service === 'konnect-sandbox';
	} catch {
		return false;
	}
}
