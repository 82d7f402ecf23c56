const BOOT_TIMEOUT_MS = 240_000;

/**
 * Has something opened before the tests of a file or block, and closed after them.
 *
 * @returns what gives it while they run
 */
export function opened<T extends { close(): Promise<void> }>(open: () => Promise<T>): () => T {
	let it: T | undefined;
	beforeAll(async () => {
		it = await open();
	}, BOOT_TIMEOUT_MS);
	afterAll(async () => await it?.close(), BOOT_TIMEOUT_MS);
	return () => it as T;
}
