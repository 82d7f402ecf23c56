import type { Kind } from './callers';
import { brokenPromises } from './promises';
import type { Setup } from './world';
import { World } from './world';

const MINUTE = 60_000;
const PAYERS = 300;

/** Seconds until the bank's word comes; undefined: never. */
const SETTLE_AFTER = [1, 10, undefined, 30, 60, undefined, 110, 300, undefined, 540];

const SETUP: Setup = {
	seed: 1,
	processors: 1,
	concurrency: Infinity,
	duration: 100,
	isCounting: false,
	webhookSecret: false,
	acceptUnsigned: false,
	events: ['paid'],
	keepLooking: 10,
	isOneCall: false,
	awaited: 0,
	resumeOn: [],
	waitsFor: 60,
};

/** All pay in the same moment, every third with a refused card first, and every second closes the tab at once. */
function crowd(kinds: readonly Kind[], processors: 1 | 2, unread: number): World {
	const world = new World({ ...SETUP, processors });
	const now = world.clock.now();
	world.rushes.push(now);
	world.unread = unread;
	for (let n = 0; n < PAYERS; n++) {
		const payment = world.makePayment(0, true);
		const seconds = SETTLE_AFTER[Math.floor(n / 6) % SETTLE_AFTER.length] ?? Infinity;
		if (n % 3 === 0) payment.failedFrom.push(now + 500);
		payment.attemptedAt = now;
		payment.paidFrom = now + seconds * 1_000;
		payment.expiredFrom = Infinity;
		for (const kind of kinds) world.begin(payment, kind, n % 2 === 0 ? Infinity : 1);
	}
	return world;
}

const isPaid = ({ database }: World, ref: string) =>
	database.executions.some(({ paymentRef }) => paymentRef === ref);

describe(`${PAYERS} payers who are faster than their banks, in the same moment`, () => {
	it.each<[string, Kind[], 1 | 2, number]>([
		['browsers', ['browser'], 1, 0],
		['browsers, and Konnect calls too', ['browser', 'server'], 1, 0],
		['browsers, at two processors', ['browser'], 2, 0],
		['browsers, where n8n cannot read every twentieth credential', ['browser'], 1, 0.05],
	])(
		'have the workflow run for all that settles within ten minutes, unless a closed page has no watch: %s',
		async (_name, kinds, processors, unread) => {
			const world = crowd(kinds, processors, unread);
			await world.pass(15 * MINUTE);
			await world.end();
			const lost = world.payments.filter(
				({ ref, paidFrom }) => paidFrom < Infinity && !isPaid(world, ref),
			);
			console.log(world.konnect.refused, lost.map(({ref,paidFrom})=>{const ch=world.chains.find(c=>c.ref===ref)!;const cs=world.calls.filter(c=>c.ref===ref);return `${parseInt(ref.slice(1),16)} ${paidFrom/1000} most=${ch.most} ended=${ch.ended} calls=${cs.length} gave=${cs.some(c=>c.gaveWay)} ${cs.at(-1)!.answer!.status}`}).join('\n'));
			expect(brokenPromises(world)).toEqual([]);
			const run = world.database.executions.map(({ eventId }) => eventId);
			expect(new Set(run).size).toBe(run.length);
			// Konnect takes a hundred a minute. What it refuses comes from the first moment, in which nobody knows of that.
			expect(world.konnect.refused).toBeLessThan(100 * processors);
			// No page is left that asks.
			expect(world.chains.filter(({ ended }) => ended > 11 * MINUTE)).toEqual([]);
		},
		300_000,
	);
});
