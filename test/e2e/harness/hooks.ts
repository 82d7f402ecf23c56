const BOOT_TIMEOUT_MS = 240_000;

/**
 * Opens something before the tests of a file or block, and closes it after them.
 *
 * @returns a function that gives it while they run
 */
export function opened<T extends { close(): Promise<void> }>(open: () => Promise<T>): () => T {
	let it: T | undefined;
	beforeAll(async () => {
		it = await open();
	}, BOOT_TIMEOUT_MS);
	afterAll(async () => await it?.close(), BOOT_TIMEOUT_MS);
	return () => it as T;
}
