import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { proxy } from 'hono/proxy';
import type { AddressInfo } from 'node:net';

/** What stands before n8n where it is reached from outside: takes all calls, and hands them out by turns. */
export interface Balancer {
	/** What n8n is told as its WEBHOOK_URL, with a slash at the end. */
	url: string;
	/** The n8n processes that serve the calls. */
	serveFrom(urls: string[]): void;
	close(): Promise<void>;
}

/** @param prefix the path at which n8n is reached from outside, such as `/n8n`; n8n itself does not see it */
export async function startBalancer(prefix = ''): Promise<Balancer> {
	let targets: string[] = [];
	let turn = 0;
	const app = new Hono();
	app.all(`${prefix}/*`, async (context) => {
		const target = targets[turn++ % targets.length];
		if (!target) return context.text('n8n is not there', 502);
		const { pathname, search } = new URL(context.req.url);
		try {
			return await proxy(`${target}${pathname.slice(prefix.length)}${search}`, {
				raw: context.req.raw,
				redirect: 'manual',
			});
		} catch {
			return context.text('n8n does not answer', 502);
		}
	});
	const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
	await new Promise((resolve) => server.once('listening', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}${prefix}/`,
		serveFrom: (urls) => {
			targets = urls;
		},
		close: async () => {
			await new Promise((resolve) => {
				server.close(resolve);
				if ('closeAllConnections' in server) server.closeAllConnections();
			});
		},
	};
}
