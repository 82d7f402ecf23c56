import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'konnect-summary-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const suite = (name: string, seconds: number) => ({
	name: join(ROOT, name),
	startTime: 1_000,
	endTime: 1_000 + seconds * 1000,
});

function report(name: string, content: object): string {
	const path = join(folder, name);
	writeFileSync(path, JSON.stringify(content));
	return path;
}

/** @param reports as the command takes them, each with the exit code of its command */
function summaryOf(...reports: string[]) {
	const script = join(ROOT, 'scripts/ci-summary.mjs');
	const options = { cwd: ROOT, encoding: 'utf8' } as const;
	const { stdout, status } = spawnSync(process.execPath, [script, ...reports], options);
	return { lines: stdout.trimEnd().split('\n'), status };
}

describe('the summary of both test commands', () => {
	it('says what each file took, the slowest first, and at last how many tests passed and failed', () => {
		const testResults = [suite('test/unit/a.test.ts', 0.4), suite('test/unit/b.test.ts', 12.34)];
		const first = report('first.json', { numPassedTests: 20, numFailedTests: 0, testResults });
		const second = report('second.json', {
			numPassedTests: 3,
			numFailedTests: 0,
			testResults: [suite('test/e2e/c.test.ts', 100.06)],
		});
		expect(summaryOf(`${first}:0`, `${second}:0`)).toEqual({
			status: 0,
			lines: [
				'  12.3 s  test/unit/b.test.ts',
				'   0.4 s  test/unit/a.test.ts',
				' 100.1 s  test/e2e/c.test.ts',
				'23 passed, 0 failed',
			],
		});
	});

	it('counts failing tests, and files that did not come as far as a test', () => {
		const path = report('one.json', {
			numPassedTests: 3,
			numFailedTests: 2,
			numRuntimeErrorTestSuites: 1,
			testResults: [],
		});
		expect(summaryOf(`${path}:1`)).toEqual({ status: 1, lines: ['3 passed, 3 failed'] });
	});

	it('counts a command that failed before its tests, or after them, as one failure', () => {
		const path = report('one.json', { numPassedTests: 3, numFailedTests: 0, testResults: [] });
		const none = join(folder, 'none.json');
		expect(summaryOf(`${path}:1`, `${none}:2`)).toEqual({
			status: 1,
			lines: ['3 passed, 2 failed'],
		});
	});
});
