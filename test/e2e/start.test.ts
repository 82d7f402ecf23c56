import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import fetch from 'node-fetch';
import type { Browser, Page } from 'playwright-core';

import { freePorts } from '../../scripts/n8n/ports';
import { SANDBOX_ACCOUNTS } from '../../sandbox/index';
import { RunningCommand } from './harness/command';
import { findTable, n8nClient, openBrowser, outputOf } from './harness';

const ROOT = resolve(__dirname, '../..');

jest.setTimeout(480_000);

let data: string;
let ports: number[];
let browser: Browser;
const starts: RunningCommand[] = [];

/** `npm start` in a data folder of its own, on a machine in Tunis. */
const start = (folder = data) => {
	const flags = ['--port', String(ports[0]), '--sandbox-port', String(ports[1])];
	const env = { KONNECT_DEMO_DATA: folder, TZ: 'Africa/Tunis' };
	const started = new RunningCommand(['start', '--', ...flags], ROOT, env);
	starts.push(started);
	return started;
};

beforeAll(async () => {
	data = mkdtempSync(join(tmpdir(), 'konnect-start-'));
	ports = await freePorts(2);
	browser = await openBrowser();
});
afterAll(async () => {
	await browser?.close();
	for (const started of starts) await started.interrupt();
	rmSync(data, { recursive: true, force: true });
});

/** Opens a printed link, as a person would. */
async function open(link: string): Promise<Page> {
	const page = await browser.newPage();
	await page.goto(link);
	return page;
}

/** Opens the printed link and pays with a test card. */
const buy = async (link: string) => await pay(await open(link));

/** Tries a card that is refused first, and comes back to the pay page by the link on the page that says so. */
async function buyAfterRefusal(link: string): Promise<void> {
	const page = await open(link);
	await page.getByRole('link', { name: 'Use failing MasterCard' }).click();
	await page.getByRole('button', { name: /^Pay/ }).click();
	await page.getByRole('heading', { name: 'The payment did not go through' }).waitFor();
	await page.getByRole('link', { name: 'Try again' }).click();
	await pay(page);
}

/** Opens the printed links, finds the executions listed there, and reaches the sandbox with what is printed. */
async function lookAround(started: RunningCommand): Promise<void> {
	const page = await open(await started.printed(/its executions\s+(\S+)/));
	await page.getByLabel('Email').fill(await started.printed(/e-mail\s+(\S+)/));
	await page.getByLabel('Password').fill(await started.printed(/password\s+(\S+)/));
	await page.getByRole('button', { name: 'Sign in' }).click();
	// The list of executions has a link to each.
	await page.locator('a[href*="/executions/"]').first().waitFor();
	await page.goto(await started.printed(/other payments\s+(\S+)/));
	await page.locator('a[href*="/executions/"]').first().waitFor();
	await page.goto(await started.printed(/Order by chat\s+(\S+)/));
	await page.getByRole('link', { name: 'Pay here' }).waitFor();
	await page.goto(await started.printed(/Konnect sandbox\s+(\S+)/));
	await page.getByRole('button', { name: 'Set faults' }).waitFor();
	await page.close();

	const { apiKey, walletId } = SANDBOX_ACCOUNTS.merchant;
	expect(await started.printed(/API Key\s+(\S+)/)).toBe(apiKey);
	expect(await started.printed(/Wallet ID\s+(\S+)/)).toBe(walletId);
	const url = `${await started.printed(/Base URL\s+(\S+)/)}/payments/${'0'.repeat(24)}`;
	expect((await fetch(url, { headers: { 'x-api-key': apiKey } })).status).toBe(404);

	const client = await clientOf(started);
	const told = await client.request<{ timezone: string }>('GET', '/settings');
	expect(told.timezone).toBe('Africa/Tunis');
}

/** Makes a payment, leaves it unpaid, and gives the address of its pay page. */
async function leaveUnpaid(link: string): Promise<string> {
	const page = await open(link);
	await page.getByRole('link', { name: 'Use Visa' }).waitFor();
	const payUrl = page.url();
	await page.close();
	return payUrl;
}

/** Pays at the printed link of an order, and finds it paid when the link is opened again. */
async function payOrder(link: string): Promise<void> {
	await buy(link);
	const page = await open(link);
	await page.getByText('There is nothing left to pay').waitFor();
	await page.close();
}

/** Fills in the printed form, and pays at the link that it shows. */
async function buyByForm(form: string): Promise<void> {
	const page = await open(form);
	await page.getByLabel('First name').fill('Amine');
	await page.getByLabel('Last name').fill('Ben Salah');
	await page.getByLabel('Email').fill('amine@example.com');
	await page.getByLabel('Product').selectOption('One ticket');
	await page.getByRole('button', { name: 'Get the payment link' }).click();
	await page.getByRole('link', { name: 'Pay 12.500 TND' }).click();
	await pay(page);
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
	it('leads from its printed links to executions with the paid payment, keeps its data over Ctrl-C', async () => {
		const first = start();
		await buyAfterRefusal(await first.printed(/Make a payment\s+(\S+)/));
		const once = await executionsAt(first);
		expect(once).toMatchObject({
			count: 1,
			paid: { state: 'paid', amount: 12500, amountInCurrency: '12.500', token: 'TND' },
			states: ['paid'],
		});
		expect(once.paid?.orderId).toMatch(/^ORDER-\d+$/);
		await buyByForm(await first.printed(/Payment form\s+(\S+)/));
		expect(await executionsAt(first)).toMatchObject({ count: 2, states: ['paid', 'paid'] });
		const unpaid = await leaveUnpaid(await first.printed(/Make a payment\s+(\S+)/));
		await payOrder(await first.printed(/Pay an order\s+(\S+)/));
		await lookAround(first);
		await first.interrupt();

		const second = start();
		await buy(await second.printed(/Make a payment\s+(\S+)/));
		expect((await executionsAt(second)).count).toBe(3);
		await buy(unpaid);
		expect((await executionsAt(second)).count).toBe(4);
	});

	it('says that it runs already and where, or which port is taken, and what to do', async () => {
		// What the previous test has started still runs.
		const again = start();
		await again.printed(/npm start is running already: it uses \S+\. End it first\./);

		const elsewhere = mkdtempSync(join(tmpdir(), 'konnect-start-'));
		const late = start(elsewhere);
		await late.printed(new RegExp(`Port ${ports[0]} is taken.*npm start -- --port <number>`));
		await late.interrupt();
		rmSync(elsewhere, { recursive: true, force: true });
	});
});
