import getPort from 'get-port';

/** Where everything of ours listens: this machine alone. */
export const HOST = '127.0.0.1';

const host = HOST;

/**
 * Asks the system for `count` ports that nobody listens on and that this process has not been given lately;
 * between this call and their use somebody else could still take one.
 */
export async function freePorts(count: number): Promise<number[]> {
	return await Promise.all(Array.from({ length: count }, async () => await getPort({ host })));
}

/** Whether a server could listen on `port` now; no for one that `freePorts` has just given to this process. */
export const isFree = async (port: number) => (await getPort({ host, port })) === port;
