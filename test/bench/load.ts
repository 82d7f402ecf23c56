/**
 * How long n8n takes to load this package: requiring both nodes and the credential and making one of each, in a fresh process
 * that has n8n-workflow loaded already. Prints the median of many processes in milliseconds.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const RUNS = 31;
const root = join(__dirname, '../..');

const measure = `
	require('n8n-workflow');
	const started = process.hrtime.bigint();
	for (const [file, name] of [
		['nodes/Konnect/Konnect.node.js', 'Konnect'],
		['nodes/Konnect/KonnectTrigger.node.js', 'KonnectTrigger'],
		['credentials/KonnectApi.credentials.js', 'KonnectApi'],
	]) new (require('./dist/' + file)[name])();
	console.log(Number(process.hrtime.bigint() - started) / 1e6);
`;

const times = Array.from({ length: RUNS }, () =>
	Number(execFileSync(process.execPath, ['-e', measure], { cwd: root, encoding: 'utf8' })),
).sort((a, b) => a - b);

const at = (share: number) => (times[Math.floor(share * (RUNS - 1))] ?? NaN).toFixed(2);

console.log(
	`require + instantiate, ${RUNS} fresh processes, Node ${process.version}: ` +
		`median ${at(0.5)} ms (fastest ${at(0)}, slowest ${at(1)})`,
);
