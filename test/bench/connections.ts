/**
 * Whether n8n's request helper can keep a connection open: how many connections a TLS server on this machine sees for 100
 * requests, one after the other, and what each request takes. Prints a table. Needs openssl, for the server's certificate.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { temporaryFolder } from '../../scripts/n8n/temporary';
import { additionalDataFor, nodeOf, packageLoaded, passOn } from '../engine/harness';
import { engineOf } from './engine/contender';
import { median } from './shared/figures';
import { machine, table } from './shared/markdown';

const REQUESTS = 100;

type Send = (url: string) => Promise<unknown>;

async function startServer() {
	const folder = temporaryFolder('konnect-tls-');
	const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
	const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
	const files = ['-keyout', key, '-out', cert];
	execFileSync(
		'openssl',
		['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...files, ...subject],
		{ stdio: 'ignore' },
	);
	let connections = 0;
	const server = createServer(
		{ key: readFileSync(key), cert: readFileSync(cert) },
		(_request, response) => {
			response.setHeader('content-type', 'application/json').end('{}');
		},
	);
	server.on('secureConnection', () => connections++);
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		count: () => connections,
		close: () => {
			server.close();
			server.closeAllConnections();
		},
	};
}

/** Sends a request as nodes do, from within an execution. */
async function fromNode(
	options: Partial<IHttpRequestOptions>,
	send: (request: Send) => Promise<void>,
) {
	await packageLoaded;
	passOn.execute = async function (this: IExecuteFunctions) {
		if (this.getNode().name === 'Under Test') {
			await send(
				async (url) =>
					await this.helpers.httpRequest({ url, skipSslCertificateValidation: true, ...options }),
			);
		}
		return [this.getInputData()];
	};
	const node = { ...nodeOf('konnect', {}), type: 'test.passOn', parameters: {} };
	const { error } = await engineOf(node, 1, additionalDataFor(undefined))();
	if (error) throw new Error(error);
}

async function measure(
	way: string,
	run: (send: (request: Send) => Promise<void>) => Promise<void>,
) {
	const server = await startServer();
	const times: number[] = [];
	await run(async (request) => {
		for (let sent = 0; sent < REQUESTS; sent++) {
			const start = performance.now();
			await request(server.url);
			times.push(performance.now() - start);
		}
	});
	server.close();
	return [way, REQUESTS, server.count(), median(times).toFixed(2)];
}

async function main(): Promise<void> {
	const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
	const kept: Send = async (url) =>
		await new Promise((resolve, reject) => {
			get(url, { agent }, (response) => response.resume().once('end', resolve)).once(
				'error',
				reject,
			);
		});
	const rows = [
		await measure("n8n's helper", async (send) => await fromNode({}, send)),
		await measure(
			"n8n's helper with `agentOptions: { keepAlive: true }`",
			async (send) => await fromNode({ agentOptions: { keepAlive: true } }, send),
		),
		await measure(
			"Node's https with an agent that keeps connections",
			async (send) => await send(kept),
		),
	];
	console.log(`${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${machine()}\n`);
	console.log(table(['', 'Requests', 'Connections', 'ms per request'], rows));
	process.exit();
}

void main();
