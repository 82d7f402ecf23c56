import { mkdir } from 'node:fs/promises';
import fetch from 'node-fetch';
import { environmentOf, type N8nMode } from './environment';
import type { N8nInstall } from './install';
import { installPackage } from './pack';
import { freePorts, HOST } from './ports';
import { startProcess, untilReady } from './process';
import { temporaryFolder } from './temporary';

export type { N8nMode };

export interface N8nServerOptions {
	/** Where n8n keeps its data. Default: a temporary folder, which is removed when this process ends. */
	userFolder?: string;
	/** Default: a free one. */
	port?: number;
	/** Variables that extend or replace the usual ones. A log level must include 'info', at which n8n says that it has started. */
	env?: Record<string, string>;
	/** The package to install first: a tarball of `npm pack` or a folder unpacked from one. */
	packageSource?: string;
	mode?: N8nMode;
	/** Called with every line that n8n writes. */
	onLog?: (line: string) => void;
	/** Abandons the start when aborted. A server that has started keeps running. */
	signal?: AbortSignal;
}

export interface N8nServer {
	readonly pid: number;
	readonly port: number;
	/** The editor and REST interface, without a trailing slash. */
	readonly url: string;
	/** What production webhook URLs start with, without a trailing slash. */
	readonly webhookUrl: string;
	readonly userFolder: string;
	/** Resolves when the process has ended, for whatever reason. */
	readonly exited: Promise<unknown>;
	/** The last lines that n8n wrote. Default: all that were kept. */
	logs(lines?: number): string;
	/** Asks n8n to end, and resolves when it and its children have. */
	stop(signal?: NodeJS.Signals): Promise<void>;
	/** Ends n8n and its children as a crash would; the user folder stays. */
	kill(): Promise<void>;
}

/**
 * n8n answers requests, and says that it is ready, a moment before it has registered the webhooks of published workflows. This line
 * comes after.
 */
const BOOTED = /Editor is now accessible via/;

/**
 * Starts an n8n on 127.0.0.1 and resolves when it can be used. Any number of them can run side by side.
 *
 * @throws with the end of n8n's log when it ends or is not ready in time
 */
export async function startN8n(
	install: N8nInstall,
	options: N8nServerOptions = {},
): Promise<N8nServer> {
	const { mode = 'start', packageSource } = options;
	const [freePort, brokerPort] = (await freePorts(2)) as [number, number];
	const port = options.port ?? freePort;
	const url = `http://${HOST}:${port}`;
	const userFolder = options.userFolder ?? temporaryFolder('konnect-n8n-');
	await mkdir(userFolder, { recursive: true });
	if (packageSource) await installPackage(packageSource, userFolder);
	const extra = options.env ?? {};
	const child = startProcess(install.node, [install.cli, mode], {
		cwd: userFolder,
		env: environmentOf({ ...install, mode, userFolder, port, brokerPort, url, extra }),
		onLine: options.onLog,
	});
	const isReady = async () =>
		(mode !== 'start' || BOOTED.test(child.tail())) && (await answersReady(url));
	await untilReady(child, isReady, options.signal);
	return {
		pid: child.pid,
		port,
		url,
		webhookUrl: `${(extra.WEBHOOK_URL ?? url).replace(/\/$/, '')}/webhook`,
		userFolder,
		exited: child.exited,
		logs: child.tail,
		stop: child.stop,
		kill: child.kill,
	};
}

/** Whether the n8n at this address says that it is ready. */
export async function answersReady(url: string): Promise<boolean> {
	try {
		const { status } = await fetch(`${url}/healthz/readiness`);
		return status === 200;
	} catch {
		return false;
	}
}
