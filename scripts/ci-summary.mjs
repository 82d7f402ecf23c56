// Sums up jest's JSON reports in one line: `node scripts/ci-summary.mjs <report>:<exit code> …`
import { existsSync, readFileSync } from 'node:fs';

/** A command that failed without a failing test, or before its tests, counts as one failure. */
function countOf(argument) {
	const [, report, exitCode] = /^(.*):(\d+)$/.exec(argument);
	const result = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
	const passed = result.numPassedTests ?? 0;
	const failed = (result.numFailedTests ?? 0) + (result.numRuntimeErrorTestSuites ?? 0);
	return { passed, failed: failed || (exitCode === '0' ? 0 : 1) };
}

const counts = process.argv.slice(2).map(countOf);
const sum = (name) => counts.reduce((total, count) => total + count[name], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') > 0 ? 1 : 0;
