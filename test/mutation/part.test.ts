import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import type fc from 'fast-check';

// Runs all tests of one part of the code in one file, so that their imports are loaded only once for each change of the code.

// One failing example is enough to notice a change, so none is shrunk.
jest.doMock('fast-check', () => {
	const real = jest.requireActual<typeof import('fast-check')>('fast-check');
	const assert = (property: fc.IRawProperty<unknown>, options?: fc.Parameters<unknown>) =>
		real.assert(property, { ...options, numRuns: 50, endOnFailure: true });
	return { __esModule: true, ...real, default: { ...real, assert }, assert };
});

const TESTS = join(__dirname, '..');
const BUILT = join(__dirname, '../../dist');

const filesIn = (folder: string, ending: string) =>
	readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
		file.endsWith(ending),
	);

const wanted = (process.env.TESTS_OF_PART ?? '').split(' ');
const files = filesIn(TESTS, '.test.ts').filter((file) =>
	wanted.some((start) => file.startsWith(start)),
);

// The nodes load most of their code at first use. All is loaded here, so that a change of load-time code counts for every test.
if (files.some((file) => file.startsWith('engine/'))) {
	for (const file of filesIn(BUILT, '.js')) jest.requireActual(join(BUILT, file));
}

for (const file of files) {
	describe(file, () => {
		jest.requireActual(join(TESTS, file));
	});
}
