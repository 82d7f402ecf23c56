import { table } from '../shared/markdown';
import type { Took } from './load';

/** What each kind of process takes for its share of the work. */
export interface Costs {
	main: { trigger: Took; delivery: Took; link: Took };
	processor: { call: Took; link: Took };
	worker: { trigger: Took; delivery: Took; link: Took };
}

/** How busy a process may be for its answers to stay quick. */
const SHARE = 0.7;
/** Requests a minute that Konnect is said to take for one key, and how many a payment takes: to make it, and to read it. */
const KONNECT = { limit: 100, requests: 2 };
const RATES = [1, 10, 100];

const sum = (parts: Took[]) => parts.reduce((total, { cpu }) => total + (cpu[0] ?? NaN), 0);

/** Milliseconds of the processor for one payment: its link is opened once, Konnect calls once, it is delivered once. */
const perPayment = ({ main, processor, worker }: Costs) => ({
	main: sum([main.link, main.delivery]),
	processor: sum([processor.link, processor.call]),
	worker: sum([worker.link, worker.delivery]),
});

const processes = (milliseconds: number, rate: number) =>
	Math.ceil((rate * milliseconds) / (1000 * SHARE));

function needs(costs: Costs, rate: number): string {
	const { main, processor, worker } = perPayment(costs);
	if (processes(main, rate) === 1) return 'one process';
	const [calls, runs] = [processes(processor, rate), processes(worker, rate)];
	return `${calls} webhook ${calls === 1 ? 'processor' : 'processors'}, ${runs} ${runs === 1 ? 'worker' : 'workers'}`;
}

/** What some numbers of payments a second need, in Markdown: computed from what was measured, never run. */
export function computed(results: Record<string, Costs>): string {
	const modes = Object.entries(results);
	const most = modes.map(([mode, costs]) => {
		const rate = (1000 * SHARE) / perPayment(costs).main;
		return `${rate.toFixed(1)} payments a second with ${mode}`;
	});
	return [
		`From the processor's time above: a payment of _order-to-delivery_ is one link that is opened, one call of Konnect and one delivery, and a process is to be busy for ${100 * SHARE} % of the time. One process that does all takes ${most.join(', and ')}. Beyond that, queue mode, with a processor of the machine for each n8n process and for PostgreSQL besides:`,
		table(
			['Payments a second', ...modes.map(([mode]) => mode), 'Requests to Konnect a minute'],
			RATES.map((rate) => {
				const requests = rate * 60 * KONNECT.requests;
				const times = (requests / KONNECT.limit).toFixed(1);
				return [
					rate,
					...modes.map(([, costs]) => needs(costs, rate)),
					`${requests}: ${times} times the limit of a key`,
				];
			}),
		),
		`Konnect's limit comes first: ${KONNECT.limit} requests a minute are ${(KONNECT.limit / KONNECT.requests / 60).toFixed(1)} payments a second for one key, whatever n8n has. More needs a higher limit, which only Konnect can grant.`,
	].join('\n\n');
}
