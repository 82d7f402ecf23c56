import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import type fc from 'fast-check';

// The tests of one part of the code, in one file: what they all import is loaded once for each change of the code then.

// A change is only to be noticed: one example of it is enough, and need not be made short.
jest.doMock('fast-check', () => {
	const real = jest.requireActual<typeof import('fast-check')>('fast-check');
	const assert = (property: fc.IRawProperty<unknown>, options?: fc.Parameters<unknown>) =>
		real.assert(property, { ...options, numRuns: 50, endOnFailure: true });
	return { __esModule: true, ...real, default: { ...real, assert }, assert };
});

const TESTS = join(__dirname, '..');
const wanted = (process.env.TESTS_OF_PART ?? '').split(' ');
const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).filter(
	(file) => file.endsWith('.test.ts') && wanted.some((start) => file.startsWith(start)),
);
// Before the first test, so that a change of what the code does when it is loaded is tried by all tests, and not by that one.
if (files.some((file) => file.startsWith('engine/'))) {
	beforeAll(
		async () =>
			await jest.requireActual<{ packageLoaded: Promise<void> }>('../engine/harness').packageLoaded,
	);
}

for (const file of files) {
	describe(file, () => {
		jest.requireActual(join(TESTS, file));
	});
}
