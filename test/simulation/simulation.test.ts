import { simulate } from './history';
import { simulateWaits } from './waitHistory';

/** Some thousands of histories; `npm run test:simulation` runs as many as one likes. */
const HISTORIES = Number(process.env.HISTORIES ?? 2_000);

it(`the trigger keeps its promises in ${HISTORIES} histories`, async () => {
	const started = Date.now();
	const { histories, executions, failure } = await simulate(HISTORIES);
	const seconds = ((Date.now() - started) / 1000).toFixed(0);
	process.stdout.write(
		`Simulation: ${histories} histories, ${executions} executions, ${seconds} s\n`,
	);
	expect(failure).toBeUndefined();
}, 600_000);

it(`waiting executions keep theirs in ${HISTORIES} histories`, async () => {
	const { resumed, failure } = await simulateWaits(HISTORIES);
	expect(failure).toBeUndefined();
	expect(resumed).toBeGreaterThan(0);
}, 600_000);
