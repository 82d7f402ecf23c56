import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { freePorts } from '../../../scripts/n8n/ports';
import { startNginx, type Nginx } from '../../../scripts/services/nginx';

const RECIPE = resolve(__dirname, '../../../docs/scaling.md');

/** The proxy in front of n8n, through which it is reached from outside. */
export type Balancer = Awaited<ReturnType<typeof startProxy>>;

interface Upstreams {
	/** The address of the process with the editor. */
	main: string;
	/** The addresses of those that serve webhooks. */
	processors: string[];
}

/** nginx with the configuration that the docs recommend for several webhook processors. */
export const startBalancer = async () =>
	await startProxy('/', async (port, { main, processors }) => {
		const places = [...processors, main].map((url) => new URL(url).host);
		const recipe = /```nginx\n(.+?)```/s.exec(await readFile(RECIPE, 'utf8'))?.[1] ?? '';
		const own = recipe
			.replace(/10\.0\.0\.\d:5678/g, () => places.shift() ?? 'one server too many')
			.replace(/listen 80;/, `listen 127.0.0.1:${port};`);
		if (places.length > 0) throw new Error(`The recipe has no place for ${places.join()}`);
		return own;
	});

/** nginx in front of one n8n, which is reached at its own path, such as `/n8n`. n8n itself does not see that path. */
export const startPathProxy = async (path: string) =>
	await startProxy(
		`${path}/`,
		async (port, { main }) => `
server {
	listen 127.0.0.1:${port};
	location ${path}/ {
		proxy_pass ${main}/;
	}
}`,
	);

async function startProxy(
	path: string,
	configure: (port: number, servers: Upstreams) => Promise<string>,
) {
	const [port] = (await freePorts(1)) as [number];
	let nginx: Nginx | undefined;
	return {
		/** What n8n is told as its WEBHOOK_URL, with a slash at the end. */
		url: `http://127.0.0.1:${port}${path}`,
		/** Begins to hand calls on to n8n. */
		serveFrom: async (servers: Upstreams) => {
			nginx = await startNginx(await configure(port, servers));
		},
		/** Where each call went. */
		routes: async () => (await nginx?.routes()) ?? [],
		close: async () => await nginx?.close(),
	};
}
