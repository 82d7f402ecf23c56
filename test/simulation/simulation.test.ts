import { simulate } from './history';

/** `npm run test:simulation` runs any number of them. */
const HISTORIES = Number(process.env.HISTORIES ?? 1_500);

it(`the webhooks keep their promises in ${HISTORIES} histories`, async () => {
	const started = Date.now();
	const { histories, ofOneCall, executions, resumed, failure } = await simulate(HISTORIES);
	const seconds = ((Date.now() - started) / 1000).toFixed(0);
	process.stdout.write(
		`Simulation: ${histories} histories, ${executions} executions, ${seconds} s\n`,
	);
	expect(failure).toBeUndefined();
	for (const count of [ofOneCall, resumed]) expect(count).toBeGreaterThan(0);
}, 600_000);
