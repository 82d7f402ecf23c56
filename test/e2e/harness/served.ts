import { randomBytes } from 'node:crypto';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../sandbox/index';
import { n8nClient } from '../../../scripts/n8n/rest';
import type { N8nMode, N8nServer } from '../../../scripts/n8n/server';
import { startPostgres, type Postgres } from '../../../scripts/services/postgres';
import { startRedis, type Redis } from '../../../scripts/services/redis';
import { startBalancer, startPathProxy, type Balancer } from './balancer';
import { isReady, processesOf } from './processes';
import { credentialFor, OWNER, type ServerOptions, type Stage } from './stage';

/** A stage whose n8n, of one process or several, can be restarted, and whose database can be stopped. */
export interface ServedStage extends Stage, Services {
	/** What production webhook URLs start with at each process that calls are sent to. */
	entrances: string[];
	/** What they start with from outside: where Konnect and payers are sent. */
	outside: string;
	/** The processes of n8n, in the order of their modes. */
	servers(): N8nServer[];
	/** Ends one of these processes as a crash would, and resolves with a function that starts it again. */
	crash(index: number): Promise<() => Promise<void>>;
	/** Ends all of n8n (SIGKILL: as a crash would), and starts it again on the same data. Resolves with the ms until it ended. */
	restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<number>;
	/** Resolves when every process of n8n says that it is ready. */
	ready(): Promise<void>;
}

export interface SingleOptions extends ServerOptions {
	/** The path at which n8n is reached from outside, such as `/n8n`, through a proxy that removes it. */
	prefix?: string;
}

export interface StageOptions {
	n8n?: ServerOptions;
	/** A sandbox that whoever started it closes, or options for one that the stage starts and closes. */
	sandbox?: Sandbox | SandboxOptions;
}

/** One n8n process with SQLite, of any version. */
export async function startStage({ n8n = {}, sandbox }: StageOptions = {}): Promise<ServedStage> {
	return await startServed(['start'], n8n, {}, sandbox);
}

/** One n8n process with its database on SQLite or on a PostgreSQL of its own. */
export async function startSingleStage(
	database: 'sqlite' | 'postgres',
	{ prefix, ...options }: SingleOptions = {},
): Promise<ServedStage> {
	return await startServed(['start'], options, {
		postgres: database === 'postgres' ? await startPostgres() : undefined,
		balancer: prefix === undefined ? undefined : await startPathProxy(prefix),
	});
}

/** The processes of n8n in queue mode, in the order of `servers()`. */
export const QUEUE_MODES = ['start', 'worker', 'webhook', 'webhook'] as const;

/**
 * n8n in queue mode: a main process, a worker and two webhook processors, which share a PostgreSQL, a Redis and an encryption
 * key. Tests call the two processors directly. Konnect knows only one address, so its calls go through nginx.
 */
export async function startQueueStage(options: ServerOptions = {}): Promise<ServedStage> {
	return await startServed([...QUEUE_MODES], options, {
		postgres: await startPostgres(),
		redis: await startRedis(),
		balancer: await startBalancer(),
	});
}

interface Services {
	/** Where n8n keeps its data; undefined where that is SQLite. */
	postgres?: Postgres | undefined;
	/** Undefined outside queue mode. */
	redis?: Redis | undefined;
	/** The proxy in front of n8n; undefined where n8n is called directly. */
	balancer?: Balancer | undefined;
}

async function startServed(
	modes: N8nMode[],
	options: ServerOptions,
	services: Services,
	given: Sandbox | SandboxOptions = {},
): Promise<ServedStage> {
	const { postgres, redis, balancer } = services;
	const isShared = 'apiBaseUrl' in given;
	const sandbox = isShared ? given : await startSandbox(given);
	const n8n = await processesOf(modes, {
		...options,
		env: { ...variablesFor(services), ...options.env },
	});
	const close = async () => {
		await n8n.close();
		if (!isShared) await sandbox.close();
		await Promise.all([postgres?.close(), redis?.close(), balancer?.close()]);
	};
	try {
		await n8n.start();
		const [main] = n8n.servers() as [N8nServer];
		await balancer?.serveFrom({ main: main.url, processors: n8n.processors() });
		const client = n8nClient(main.url);
		await client.signIn(OWNER);
		const { id, name } = await client.createCredential(credentialFor(sandbox));
		return {
			...services,
			servers: n8n.servers,
			crash: n8n.crash,
			sandbox,
			n8n: main,
			client,
			credential: { id, name },
			entrances: n8n.processors().map((url) => `${url}/webhook`),
			outside: `${balancer?.url ?? `${main.url}/`}webhook`,
			restart: n8n.restart,
			ready: async () => void (await Promise.all(n8n.servers().map(isReady))),
			close,
		};
	} catch (error) {
		await close();
		throw error;
	}
}

function variablesFor({ postgres, redis, balancer }: Services): Record<string, string> {
	return {
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('base64'),
		...(postgres && {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: postgres.host,
			DB_POSTGRESDB_PORT: String(postgres.port),
			DB_POSTGRESDB_DATABASE: postgres.database,
			DB_POSTGRESDB_USER: postgres.user,
		}),
		...(balancer && { WEBHOOK_URL: balancer.url }),
		...(redis && {
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: redis.host,
			QUEUE_BULL_REDIS_PORT: String(redis.port),
		}),
	};
}
