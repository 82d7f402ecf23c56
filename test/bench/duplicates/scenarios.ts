import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
	at,
	call,
	callUntilAnswered,
	QUEUE_MODES,
	type ServedStage,
	type Shop,
} from '../../e2e/harness';
import type { Size } from '../parts/part';

/** Payments of one row: called for one after the other, or at once. */
const COUNTS = {
	full: { pairs: 100, gaps: 20, burst: 200 },
	small: { pairs: 5, gaps: 2, burst: 20 },
};

export interface Scenario {
	calls: string;
	payments: number;
	/** Through nginx as the docs configure it, or to the two processors by turns. */
	through: 'nginx' | 'turns';
	act(urls: string[], refs: string[], stage: ServedStage, shop: Shop): Promise<void>;
}

/** Calls twice for one payment after the other, the second time `gap()` ms after the first, where there are two at the other processor. */
async function pairs(urls: string[], refs: string[], gap: () => number): Promise<void> {
	for (const [index, ref] of refs.entries()) {
		const first = call(at(urls, index), ref);
		await sleep(gap());
		await Promise.all([first, call(at(urls, index + 1), ref)]);
	}
}

/** All payments at once; when all are answered, each again, where there are two at the other processor. */
export async function burst(urls: string[], refs: string[]): Promise<void> {
	await callUntilAnswered(urls, refs);
	await callUntilAnswered(urls, refs, 1);
}

async function answeredBetween(urls: string[], refs: string[]): Promise<void> {
	for (const [index, ref] of refs.entries()) {
		await call(at(urls, index), ref);
		await call(at(urls, index + 1), ref);
	}
}

async function restartBetween(urls: string[], refs: string[], stage: ServedStage, shop: Shop) {
	await callUntilAnswered(urls, refs);
	await shop.started();
	await stage.restart('SIGTERM');
	await callUntilAnswered(urls, refs, 1);
}

/** One of the processors is killed when the first call is answered, and each is called for again when it is back. */
async function deathBetween(urls: string[], refs: string[], stage: ServedStage, shop: Shop) {
	const calls = refs.map(async (ref) => await callUntilAnswered(urls, [ref]));
	await Promise.race(calls);
	const startAgain = await stage.crash(QUEUE_MODES.indexOf('webhook'));
	await Promise.all(calls);
	await startAgain();
	await callUntilAnswered(urls, refs);
	await shop.outlives();
}

export function scenariosOf(size: Size): Scenario[] {
	const { pairs: many, gaps: some, burst: crowd } = COUNTS[size];
	const near = async (urls: string[], refs: string[]) =>
		await pairs(urls, refs, () => randomInt(0, 51));
	const apart = [100, 200, 400, 800].map((gap): Scenario => ({
		calls: `${gap} ms apart`,
		payments: some,
		through: 'turns',
		act: async (urls, refs) => await pairs(urls, refs, () => gap),
	}));
	return [
		{ calls: '0 to 50 ms apart', payments: many, through: 'turns', act: near },
		...apart,
		{
			calls: 'one answered, then the other called',
			payments: some,
			through: 'turns',
			act: answeredBetween,
		},
		{
			calls: `${crowd} payments at once, later each at the other`,
			payments: crowd,
			through: 'turns',
			act: burst,
		},
		{
			calls: `${crowd} payments at once, n8n restarted, each again`,
			payments: crowd,
			through: 'turns',
			act: restartBetween,
		},
		{ calls: 'through nginx: 0 to 50 ms apart', payments: many, through: 'nginx', act: near },
		{
			calls: `through nginx: ${crowd} payments at once, one processor killed, each again`,
			payments: crowd,
			through: 'nginx',
			act: deathBetween,
		},
	];
}
