import getPort from 'get-port';
import fetch, { type Response } from 'node-fetch';
import { HOST, isFree } from '../n8n/ports';

export interface Ports {
	port: number;
	sandboxPort: number;
}

export const addressOf = (port: number) => `http://${HOST}:${port}`;

const LOOK_TIMEOUT_MS = 2000;
/** The highest port there is. */
const LAST = 65_535;

/** @throws when ports are taken, saying by whom where that can be told, and what to do */
export async function checkPorts({ port, sandboxPort }: Ports, command: string): Promise<void> {
	const taken: string[] = [];
	const flags: string[] = [];
	for (const [flag, number] of [
		['--port', port],
		['--sandbox-port', sandboxPort],
	] as const) {
		if (await isFree(number)) continue;
		taken.push(`Port ${number} is taken by ${await whoIsAt(addressOf(number))}.`);
		const other = await getPort({
			host: HOST,
			port: getPort.makeRange(Math.min(number + 1, LAST), LAST),
		});
		flags.push(`${flag} ${other}`);
	}
	if (taken.length === 0) return;
	const advice = `End what is there, or choose other ports:\n  ${command} -- ${flags.join(' ')}`;
	throw new Error([...taken, advice].join('\n'));
}

async function whoIsAt(address: string): Promise<string> {
	const health = await answerOf(`${address}/healthz`);
	const { service } = ((await health?.json().catch(() => ({}))) ?? {}) as { service?: string };
	if (service === 'konnect-sandbox') {
		return `a Konnect sandbox, perhaps that of another npm start: ${address}/admin`;
	}
	const icon = await answerOf(`${address}/icons/n8n-nodes-konnect/dist/icons/konnect.svg`);
	return icon?.ok && icon.headers.get('content-type')?.includes('svg')
		? `an n8n with this package, perhaps that of another npm start: ${address}`
		: 'another program';
}

async function answerOf(url: string): Promise<Response | undefined> {
	try {
		return await fetch(url, { signal: AbortSignal.timeout(LOOK_TIMEOUT_MS) });
	} catch {
		return undefined;
	}
}
