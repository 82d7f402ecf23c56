/**
 * How often two webhook processors of n8n's queue mode start one workflow twice for one payment. Each payment's webhook is
 * called once at each of the two processors, some milliseconds apart. Takes about ten minutes, and prints a table.
 */
import { randomInt } from 'node:crypto';
import { cpus, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_VERSION } from '../../scripts/n8n/install';
import {
	at,
	call,
	callUntilAnswered,
	openOnceOnlyShop,
	paidPayments,
	startQueueStage,
	type ServedStage,
	type Shop,
} from '../e2e/harness';

/** Konnect's time to answer, in ms. */
const LATENCY = 50;

interface Row {
	calls: string;
	payments: number;
	/** Payments for which the workflow was started twice. */
	twice: number;
	/** Payments for which the example workflow went past its check twice. */
	handledTwice: number;
	lost: number;
}

/** Calls both processors, the second one `gap()` ms after the first, and one payment after the other. */
async function pairs(shop: Shop, refs: string[], gap: () => number): Promise<void> {
	for (const [index, ref] of refs.entries()) {
		const first = call(at(shop.urls, index), ref);
		await sleep(gap());
		await Promise.all([first, call(at(shop.urls, index + 1), ref)]);
	}
}

/** All payments at once, half of them at each processor; when all are answered, each at the other one. */
async function burst(shop: Shop, refs: string[]): Promise<void> {
	await callUntilAnswered(shop.urls, refs);
	await callUntilAnswered(shop.urls, refs, 1);
}

type Scenario = [
	calls: string,
	payments: number,
	act: (shop: Shop, refs: string[], stage: ServedStage) => Promise<void>,
];

const SCENARIOS: Scenario[] = [
	['0 to 50 ms apart', 200, async (shop, refs) => await pairs(shop, refs, () => randomInt(0, 51))],
	...[100, 200, 400, 800].map((gap): Scenario => [
		`${gap} ms apart`,
		50,
		async (shop, refs) => await pairs(shop, refs, () => gap),
	]),
	[
		'one answered, then the other called',
		200,
		async (shop, refs) => {
			for (const [index, ref] of refs.entries()) {
				await call(at(shop.urls, index), ref);
				await call(at(shop.urls, index + 1), ref);
			}
		},
	],
	['200 payments at once, later each at the other', 200, burst],
	[
		'200 payments at once, n8n restarted, each again',
		200,
		async (shop, refs, stage) => {
			await callUntilAnswered(shop.urls, refs);
			await shop.started();
			await stage.restart('SIGTERM');
			await callUntilAnswered(shop.urls, refs, 1);
		},
	],
];

async function measure(stage: ServedStage, [calls, payments, act]: Scenario) {
	const shop = await openOnceOnlyShop(stage);
	const refs = await paidPayments(stage.sandbox, payments);
	await act(shop, refs, stage);
	const [started, handled] = [await shop.started(), await shop.handled()];
	const row: Row = {
		calls,
		payments,
		twice: started.length - new Set(started).size,
		handledTwice: handled.length - new Set(handled).size,
		lost: payments - new Set(handled).size,
	};
	return row;
}

function print(rows: Row[], { postgres, redis }: ServedStage): void {
	const [{ model = '' } = {}] = cpus();
	const memory = Math.round(totalmem() / 2 ** 30);
	console.log(
		`${new Date().toISOString().slice(0, 10)} · ${cpus().length} × ${model.trim()}, ${memory} GB · ` +
			`n8n ${DEFAULT_VERSION}, PostgreSQL ${postgres?.version.split(' ')[0]}, Redis ${redis?.version} · ` +
			`Konnect answers after ${LATENCY} ms\n`,
	);
	console.log('| calls to the two processors | payments | started twice | handled twice | lost |');
	console.log('|---|---|---|---|---|');
	for (const { calls, payments, twice, handledTwice, lost } of rows) {
		const share = ((100 * twice) / payments).toFixed(1);
		console.log(`| ${calls} | ${payments} | ${twice} (${share} %) | ${handledTwice} | ${lost} |`);
	}
}

async function main(): Promise<void> {
	const stage = await startQueueStage();
	try {
		stage.sandbox.setFaults({ latency: LATENCY, match: 'get' });
		// The first calls of a process take longer than all later ones.
		const warmUp = await openOnceOnlyShop(stage);
		await burst(warmUp, await paidPayments(stage.sandbox, 20));
		await warmUp.started();
		const rows: Row[] = [];
		for (const scenario of SCENARIOS) {
			rows.push(await measure(stage, scenario));
			console.error(rows.at(-1));
		}
		print(rows, stage);
	} finally {
		await stage.close();
	}
}

void main();
