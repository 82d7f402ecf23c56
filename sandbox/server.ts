import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { adminRoutes, type Controls } from './admin';
import { apiRoutes } from './apiRoutes';
import type { Context } from './context';
import { payRoutes } from './payRoutes';

function createApp(context: Context, controls: Controls): Hono<{ Bindings: HttpBindings }> {
	const app = new Hono<{ Bindings: HttpBindings }>();
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

const close = async (server: Server) =>
	await new Promise<void>((resolve) => {
		server.close(() => resolve());
		// Clients keep their connections open, so waiting for them would never end.
		server.closeAllConnections();
	});

/** Starts the HTTP server. @throws the error of `listen`, for instance EADDRINUSE */
export async function listen(
	context: Context,
	controls: Controls,
	{ port = 0, host = '127.0.0.1' }: { port?: number; host?: string },
): Promise<{ url: string; close: () => Promise<void> }> {
	const app = createApp(context, controls);
	// Hono must not replace the global Request and Response: tests run n8n in the same process.
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
		url: `http://${host}:${address.port}`,
		close: async () => await close(server),
	};
}
