import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type { Browser, Page } from 'playwright-core';

import { freePorts } from '../../scripts/n8n/ports';
import { RunningCommand } from './harness/command';
import { findTable, n8nClient, openBrowser, outputOf } from './harness';

const ROOT = resolve(__dirname, '../..');
const TIMEOUT_MS = 480_000;

let data: string;
let ports: number[];
let browser: Browser;
const starts: RunningCommand[] = [];

/** `npm start` in a data folder of its own. */
const start = () => {
	const flags = ['--port', String(ports[0]), '--sandbox-port', String(ports[1])];
	const started = new RunningCommand(['start', '--', ...flags], ROOT, { KONNECT_DEMO_DATA: data });
	starts.push(started);
	return started;
};

beforeAll(async () => {
	data = mkdtempSync(join(tmpdir(), 'konnect-start-'));
	ports = await freePorts(2);
	browser = await openBrowser();
}, TIMEOUT_MS);
afterAll(async () => {
	await browser?.close();
	for (const started of starts) await started.interrupt();
	rmSync(data, { recursive: true, force: true });
}, TIMEOUT_MS);

/** Opens the printed link and pays with a test card, as a person would. */
async function buy(link: string): Promise<void> {
	const page = await browser.newPage();
	await page.goto(link);
	await pay(page);
}

/** Pays at the printed link of an order, and finds it paid when the link is opened again. */
async function payOrder(link: string): Promise<void> {
	await buy(link);
	const page = await browser.newPage();
	await page.goto(link);
	await page.getByText('There is nothing left to pay').waitFor();
	await page.close();
}

/** Fills in the printed form, and pays at the link that it shows. */
async function buyByForm(form: string): Promise<void> {
	const page = await browser.newPage();
	await page.goto(form);
	await page.getByLabel('First name').fill('Amine');
	await page.getByLabel('Last name').fill('Ben Salah');
	await page.getByLabel('Email').fill('amine@example.com');
	await page.getByLabel('Product').selectOption('One ticket');
	await page.getByRole('button', { name: 'Get the payment link' }).click();
	await page.getByRole('link', { name: 'Pay 12.500 TND' }).click();
	await pay(page);
}

/** Asks for the printed link that waits, pays, and finds what is delivered. */
async function buyByChat(started: RunningCommand): Promise<void> {
	const page = await browser.newPage();
	await page.goto(await started.printed(/Order by chat\s+(\S+)/));
	await page.getByRole('link', { name: 'Pay here' }).click();
	await page.getByRole('link', { name: 'Use Visa' }).click();
	await page.getByRole('button', { name: /^Pay/ }).click();
	const client = await clientOf(started);
	const workflows = await client.listWorkflows();
	const workflowId = workflows.find(({ name }) => name === 'Konnect: link, wait, deliver')?.id;
	const execution = await client.waitForExecution({ workflowId });
	expect(outputOf(execution, 'Deliver')).toMatchObject([
		{ message: 'Thank you, 12.500 TND received. Here is your ticket.' },
	]);
	await page.close();
}

async function pay(page: Page): Promise<void> {
	await page.getByRole('link', { name: 'Use Visa' }).click();
	await page.getByRole('button', { name: /^Pay/ }).click();
	await page.waitForURL(/payment_ref=/);
	await page.getByRole('heading', { name: 'Payment received' }).waitFor();
	await page.close();
}

async function clientOf(started: RunningCommand) {
	const client = n8nClient(await started.printed(/n8n editor\s+(\S+)/));
	await client.logIn({
		email: await started.printed(/e-mail\s+(\S+)/),
		password: await started.printed(/password\s+(\S+)/),
	});
	return client;
}

async function executionsAt(started: RunningCommand) {
	const client = await clientOf(started);
	const workflows = await client.listWorkflows();
	const workflowId = workflows.find(({ name }) => name === 'Konnect: payment received')?.id;
	const all = await client.waitUntilSettled({ workflowId });
	const execution = await client.waitForExecution({ workflowId });
	const rows = await (await findTable(client, 'Konnect payments')).rows();
	return {
		count: all.length,
		paid: outputOf(execution, 'Konnect Trigger')[0],
		states: rows.map(({ state }) => state),
	};
}

describe('npm start', () => {
	it(
		'leads from its printed links to executions with the paid payment, keeps its data, and ends on Ctrl-C',
		async () => {
			const first = start();
			await buy(await first.printed(/Make a payment\s+(\S+)/));
			const once = await executionsAt(first);
			expect(once).toMatchObject({
				count: 1,
				paid: { state: 'paid', amount: 12500, amountInCurrency: '12.500', token: 'TND' },
				states: ['paid'],
			});
			expect(once.paid?.orderId).toMatch(/^ORDER-\d+$/);
			await buyByForm(await first.printed(/Payment form\s+(\S+)/));
			expect(await executionsAt(first)).toMatchObject({ count: 2, states: ['paid', 'paid'] });
			await buyByChat(first);
			await payOrder(await first.printed(/Pay an order\s+(\S+)/));
			await first.interrupt();

			const second = start();
			await buy(await second.printed(/Make a payment\s+(\S+)/));
			expect((await executionsAt(second)).count).toBe(3);
			await second.interrupt();
		},
		TIMEOUT_MS,
	);

	it(
		'says which port is taken, and what to do',
		async () => {
			const other = start();
			await other.printed(/Make a payment\s+(\S+)/);
			const late = start();
			await late.printed(/Port \d+ is taken by another program/);
			expect(await late.printed(/npm start -- --port \d+/)).toBeTruthy();
			await other.interrupt();
		},
		TIMEOUT_MS,
	);
});
