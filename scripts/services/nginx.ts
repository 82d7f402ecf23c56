import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../n8n/temporary';
import { findInstalled, removeFolder, startService } from './programs';

const READY = /start worker process /;
/** nginx keeps bodies and answers that are too large for its memory in a folder for each of these modules. */
const MODULES = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** Where a call went. */
export interface Route {
	/** The path and the query that were called. */
	uri: string;
	/** The addresses that were tried, such as `127.0.0.1:5678`. */
	tried: string[];
}

/** An nginx of your own. Its folder is deleted when it is closed. */
export interface Nginx {
	/** In the order in which the calls ended. */
	routes(): Promise<Route[]>;
	close(): Promise<void>;
}

/**
 * @param http what stands within `http { … }`: upstreams and servers
 * @throws when nginx is not installed or refuses the configuration
 */
export async function startNginx(http: string): Promise<Nginx> {
	const program = findInstalled('nginx');
	const folder = temporaryFolder('konnect-nginx-');
	const log = join(folder, 'routes.log');
	await mkdir(join(folder, 'temp'));
	const file = join(folder, 'nginx.conf');
	await writeFile(file, configuration(folder, log, http));
	const server = await startService([program, '-p', folder, '-c', file], folder, READY);
	return {
		routes: async () => {
			const lines = (await readFile(log, 'utf8')).split('\n').filter(Boolean);
			return lines.map((line) => {
				const [uri = '', tried = ''] = line.split(' | ');
				return { uri, tried: tried.split(', ') };
			});
		},
		close: async () => {
			await server.stop();
			await removeFolder(folder);
		},
	};
}

function configuration(folder: string, log: string, http: string): string {
	const temporary = MODULES.map((name) => `${name}_temp_path ${join(folder, 'temp', name)};`);
	return [
		'daemon off;',
		'error_log stderr notice;',
		`pid ${join(folder, 'nginx.pid')};`,
		// When root starts nginx, its workers run as another user, who must not read the folder.
		...(process.getuid?.() === 0 ? ['user root;'] : []),
		'events { worker_connections 4096; }',
		'http {',
		"log_format routes '$request_uri | $upstream_addr';",
		`access_log ${log} routes;`,
		...temporary,
		http,
		'}',
	].join('\n');
}
