// Sums up jest's JSON reports: a line with the time of each test file, and a last line that counts the tests.
// `node scripts/ci-summary.mjs <report>:<exit code> …`
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** A command that failed without a failing test, or before its tests, counts as one failure. */
function readReport(argument) {
	const [, report, exitCode] = /^(.*):(\d+)$/.exec(argument);
	const result = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
	const failed = (result.numFailedTests ?? 0) + (result.numRuntimeErrorTestSuites ?? 0);
	return {
		passed: result.numPassedTests ?? 0,
		failed: failed || (exitCode === '0' ? 0 : 1),
		files: (result.testResults ?? []).map(({ name, startTime, endTime }) => ({
			name: relative(process.cwd(), name),
			seconds: (endTime - startTime) / 1000,
		})),
	};
}

const reports = process.argv.slice(2).map(readReport);
for (const { files } of reports) {
	for (const { name, seconds } of files.sort((one, other) => other.seconds - one.seconds)) {
		console.log(`${seconds.toFixed(1).padStart(6)} s  ${name}`);
	}
}
const sum = (name) => reports.reduce((total, report) => total + report[name], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') > 0 ? 1 : 0;
