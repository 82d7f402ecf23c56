import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { adminRoutes, type Controls } from './admin';
import { apiRoutes } from './apiRoutes';
import type { Context } from './context';
import { payRoutes } from './payRoutes';

/** Bytes. No request to Konnect comes near it. */
const BODY_LIMIT = 1_000_000;

function createApp(context: Context, controls: Controls): Hono<{ Bindings: HttpBindings }> {
	const app = new Hono<{ Bindings: HttpBindings }>();
	// Hono's own bodyLimit needs the global Request replaced, which `listen` does not want.
	app.use(async (c, next) => {
		const length = Number(c.req.header('content-length') ?? 0);
		return length > BODY_LIMIT ? c.text('Payload Too Large', 413) : await next();
	});
	app.use(async ({ req }, next) => {
		await next();
		if (req.method !== 'GET') context.keep();
	});
	app.route('/', apiRoutes(context));
	app.route('/', payRoutes(context));
	app.route('/', adminRoutes(context, controls));
	app.get('/healthz', (c) => c.json({ status: 'ok', service: 'konnect-sandbox' }));
	app.get('/', (c) => c.redirect('/admin'));
	return app;
}

/** An address that can stand in a link: brackets around IPv6, this machine for "all interfaces". */
function linkHost(host: string): string {
	if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
	return host.includes(':') ? `[${host}]` : host;
}

const close = async (server: Server) =>
	await new Promise<void>((resolve) => {
		server.close(() => resolve());
		// Clients keep connections open; waiting for them would never end.
		server.closeAllConnections();
	});

/** Starts the HTTP server. @throws the error of `listen`, for instance EADDRINUSE */
export async function listen(
	context: Context,
	controls: Controls,
	{ port = 0, host = '127.0.0.1' }: { port?: number; host?: string },
): Promise<{ url: string; close: () => Promise<void> }> {
	const app = createApp(context, controls);
	// The global Request and Response belong to the program around us: tests run n8n beside it.
	const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server;
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, () => {
			server.off('error', reject);
			resolve();
		});
	});
	const address = server.address() as AddressInfo;
	return {
		url: `http://${linkHost(host)}:${address.port}`,
		close: async () => await close(server),
	};
}
