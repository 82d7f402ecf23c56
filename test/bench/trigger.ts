/**
 * What Konnect Trigger costs n8n, beside a trigger that does nothing, the flow people build without it, and n8n's own Stripe
 * Trigger, all on one real n8n. Writes docs/benchmarks.md and its chart. Takes about seven minutes.
 */
import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import packageJson from '../../package.json';
import { DEFAULT_VERSION, installN8n } from '../../scripts/n8n/install';
import { temporaryFolder } from '../../scripts/n8n/temporary';
import { startSandbox } from '../../sandbox/index';
import { startStage } from '../e2e/harness';
import { writeChart, writeSection } from './shared/page';
import { chartOf } from './trigger/chart';
import { publishContenders } from './trigger/contenders';
import { targetsOf, type Mode, type Results } from './trigger/figures';
import { measure } from './trigger/measure';
import { reportOf } from './trigger/report';
import { startStripe } from './trigger/stripe';
import { writeThrowAwayPackage } from './trigger/throwAway';

const ROUNDS = { atLeast: 3, budget: 180_000 };
const LATENCY_MS = 50;

const ENVIRONMENTS: Record<Mode, Record<string, string>> = {
	default: {},
	lazy: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
};

async function measureMode(mode: Mode) {
	const userFolder = temporaryFolder('konnect-bench-');
	const stripe = await startStripe();
	// Only reads are slow, or making the payments would take longer than the benchmark.
	const sandbox = await startSandbox({ faults: { latency: LATENCY_MS, match: 'get' } });
	await writeThrowAwayPackage(userFolder, { stripe: stripe.url, konnect: sandbox.apiBaseUrl });
	const stage = await startStage({ n8n: { userFolder, env: ENVIRONMENTS[mode] }, sandbox });
	try {
		const contenders = await publishContenders(stage);
		const tell = (round: number) => console.log(`${mode}: round ${round}`);
		return await measure(stage.client, contenders, ROUNDS, tell);
	} finally {
		await stage.close();
		await sandbox.close();
		stripe.close();
	}
}

async function writeResults(results: Results, load: number): Promise<void> {
	const { node } = await installN8n(DEFAULT_VERSION, { progress: console.log });
	const report = reportOf(results, {
		n8n: DEFAULT_VERSION,
		n8nNode: execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim(),
		package: packageJson.version,
		latency: LATENCY_MS,
		load,
		command: 'npm run bench:trigger',
		date: new Date(),
	});
	await writeSection('trigger', report);
	await writeChart('trigger', await chartOf(results));
}

async function run(): Promise<void> {
	const [load = NaN] = loadavg();
	const results: Results = {
		default: await measureMode('default'),
		lazy: await measureMode('lazy'),
	};
	await writeResults(results, load);
	for (const { what, wanted, measured, met } of targetsOf(results)) {
		console.log(`${met ? 'met   ' : 'MISSED'} ${what}: ${measured} (${wanted})`);
	}
	console.log('Written to docs/benchmarks.md');
}

// An n8n that outlives its parent writes into closed pipes for ever; leaving in order ends it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

void run();
