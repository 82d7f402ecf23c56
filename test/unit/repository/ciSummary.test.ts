import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { temporaryFolder } from '../../../scripts/n8n/temporary';

const ROOT = resolve(__dirname, '../../..');

const suite = (name: string, seconds: number) => ({
	name: join(ROOT, name),
	startTime: 1_000,
	endTime: 1_000 + seconds * 1000,
});

/** @param commands the exit code of each command, and jest's report if it came that far */
function summaryOf(...commands: Array<[exitCode: number, report?: object]>) {
	const folder = temporaryFolder('konnect-summary-');
	const reports = commands.map(([exitCode, report], index) => {
		const path = join(folder, `${index}.json`);
		const empty = { numPassedTests: 0, numFailedTests: 0, testResults: [] };
		if (report) writeFileSync(path, JSON.stringify({ ...empty, ...report }));
		return `${path}:${exitCode}`;
	});
	const script = join(ROOT, 'scripts/ci-summary.mjs');
	const options = { cwd: ROOT, encoding: 'utf8' } as const;
	const { stdout, status } = spawnSync(process.execPath, [script, ...reports], options);
	return { lines: stdout.trimEnd().split('\n'), status };
}

describe('the summary of both test commands', () => {
	it('says what each file took, the slowest first, and at last how many tests passed and failed', () => {
		const testResults = [suite('test/unit/a.test.ts', 0.4), suite('test/unit/b.test.ts', 12.34)];
		const e2e = { numPassedTests: 3, testResults: [suite('test/e2e/c.test.ts', 100.06)] };
		expect(summaryOf([0, { numPassedTests: 20, testResults }], [0, e2e])).toEqual({
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
		const failing = { numPassedTests: 3, numFailedTests: 2, numRuntimeErrorTestSuites: 1 };
		expect(summaryOf([1, failing])).toEqual({ status: 1, lines: ['3 passed, 3 failed'] });
	});

	it('counts a command that failed before its tests, or after them, as one failure', () => {
		const passing = { numPassedTests: 3 };
		expect(summaryOf([1, passing], [2])).toEqual({ status: 1, lines: ['3 passed, 2 failed'] });
	});
});
