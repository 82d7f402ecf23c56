import type { Page } from 'playwright-core';

import { SANDBOX_ACCOUNTS } from '../../sandbox';
import { signIn, SIZE } from './editor/browser';
import { editor, type Editor } from './editor/editor';
import { pasteSuite } from './editor/paste';
import { picture } from './editor/picture';
import { soldByLink } from './editor/soldByLink';
import { openBrowser, opened, paidPayments, startStage } from './harness';

jest.setTimeout(240_000);

/** The address that n8n believes it has, because readers of the docs expect such an address in the pictures. */
const PUBLIC_URL = 'https://n8n.example.com';

/** An address like the production URL of a trigger. */
const HOOK = `${PUBLIC_URL}/webhook/9e2d1b44-7c0f-4d39-8a51-3f6f0c2b7e10/konnect`;

/** A window in which the output of a node has room beside its fields. */
const WIDE = { width: 1600, height: 560 };

const { merchant } = SANDBOX_ACCOUNTS;

const env = { WEBHOOK_URL: PUBLIC_URL, N8N_WEBHOOK_URL: PUBLIC_URL };
const stage = opened(async () => await startStage({ n8n: { env } }));
const browser = opened(openBrowser);
let page: Page;
let ui: Editor;

beforeAll(async () => {
	page = await signIn(browser(), stage().n8n.url);
	ui = editor(page);
});

/** Where an address that n8n shows leads on this machine. */
const here = (url: string) => url.replace(PUBLIC_URL, stage().n8n.url);

const text = async (words: string | RegExp) => await page.getByText(words).first().waitFor();

async function newInitPayment(editor = ui): Promise<void> {
	await editor.newWorkflow();
	await editor.openNodePanel();
	await editor.openKonnect();
	await editor.openActions();
	await editor.add('Init payment');
}

async function newTrigger(): Promise<void> {
	await ui.newWorkflow();
	await ui.openNodePanel();
	await ui.openKonnect();
	await ui.add('On paid');
}

describe('a price that is typed', () => {
	/** Prices that n8n's number fields would change before a node sees them: 12,5 becomes 125, -5 becomes 5. */
	const PRICES = ['12,5', '12.3456', '99.9999', '-5', '1,250'];

	/** Types prices as people of a country do, and gives the amounts of the payments that were made. */
	async function enterPrices(locale: string): Promise<number[]> {
		// Its own browser, because pages of one browser share a clipboard.
		const own = await openBrowser();
		const other = await signIn(own, stage().n8n.url, locale);
		const fields = editor(other);
		await newInitPayment(fields);
		await fields.choose('notify', 'Nobody');
		const input = fields.field('amount').locator('input, textarea').first();
		const enterBy = {
			keyboard: async (price: string) => await input.pressSequentially(price),
			paste: async (price: string) => {
				await other.evaluate(`navigator.clipboard.writeText(${JSON.stringify(price)})`);
				await other.keyboard.press('ControlOrMeta+V');
			},
		};
		const amounts: number[] = [];
		for (const by of ['keyboard', 'paste'] as const) {
			const enter = async (price: string) => {
				await input.fill('');
				await input.focus();
				await enterBy[by](price);
				expect([by, await input.inputValue()]).toEqual([by, price]);
				// The editor takes what is typed after a pause, or when the node is closed.
				await fields.closeNode();
				await other.getByTestId('canvas-node').last().dblclick();
				await input.waitFor();
				expect([by, await input.inputValue()]).toEqual([by, price]);
				await fields.execute();
			};
			for (const price of PRICES) {
				await enter(price);
				await fields.output.getByText(`"${price}"`).first().waitFor();
			}
			await enter('12.5');
			expect(await fields.outputOf('amountInCurrency')).toBe('12.500');
			const ref = await fields.outputOf('paymentRef');
			amounts.push(stage().sandbox.payment(ref)?.request.amount ?? 0);
		}
		await own.close();
		return amounts;
	}

	it('is read as it stands in the field, by keyboard and by paste, and refused where it is none', async () => {
		const before = stage().sandbox.payments().length;
		const made = await Promise.all(['en-GB', 'fr-FR'].map(enterPrices));
		expect(made.flat()).toEqual([12_500, 12_500, 12_500, 12_500]);
		expect(stage().sandbox.payments()).toHaveLength(before + 4);
	});
});

describe('the editor', () => {
	/** Words with which people search for what the nodes do. */
	const WORDS = [
		'konnect',
		'payment',
		'paid',
		'payment link',
		'request payment',
		'checkout link',
		'wait for payment',
		'tunisia',
		'paiement',
		'lien de paiement',
	];

	it('finds Konnect by each of these words, with both nodes behind one name', async () => {
		await ui.newWorkflow();
		await ui.openNodePanel();
		for (const words of WORDS) {
			const found = await ui.search(words);
			await found.getByText('Konnect', { exact: true }).first().click();
			await found.getByText('On paid', { exact: true }).waitFor();
			await ui.openActions();
			await found.getByText('Init payment', { exact: true }).waitFor();
			await found.getByText('Get payment', { exact: true }).waitFor();
			await found.getByText('Wait for payment', { exact: true }).waitFor();
			await ui.leaveKonnect();
		}
	});

	it('lists what starts a workflow by how often it is wanted, and says of both nodes what they are for', async () => {
		await ui.newWorkflow();
		await ui.openNodePanel();
		const found = await ui.search('konnect');
		await text('Takes payments through Konnect Network');
		await ui.openKonnect();
		await found.getByText('On paid', { exact: true }).waitFor();
		// The list with the results of the search disappears gradually.
		await found.getByText('Konnect', { exact: true }).waitFor({ state: 'detached' });
		expect((await found.allInnerTexts()).map((name) => name.trim())).toEqual([
			'On paid',
			'On partially paid',
			'On attempt failed',
			'On expired',
			'On pending',
			'On any state',
			'On a status that this node does not know',
		]);
	});

	it('names Wait for Payment where this execution is to be told, and fills in the payment there', async () => {
		await newInitPayment();
		const filledIn = ui.field('paymentId').filter({ hasText: '{{ $json.paymentRef }}' });
		await ui.choose('notify', 'This Execution');
		await text("with the operation 'Wait for Payment'");
		await ui.choose('operation', 'Wait for Payment');
		await text("Set 'Notify' of Init Payment to 'This Execution'");
		await filledIn.waitFor();
		await ui.choose('operation', 'Get Payment');
		await filledIn.waitFor();
	});

	it('tells a wrong key from a right one when a credential is saved', async () => {
		const before = stage().sandbox.payments().length;
		await newInitPayment();
		await ui.createCredential();
		await ui.type('apiKey', `${merchant.apiKey}x`);
		await ui.type('walletId', merchant.walletId);
		expect(await ui.field('baseUrl').count()).toBe(0);
		await picture(page, 'credential');
		await ui.choose('environment', 'Custom');
		await ui.type('baseUrl', stage().sandbox.apiBaseUrl);
		await ui.save();
		await text('Couldn’t connect with these settings');
		await page.getByText('More details').click();
		await text('Konnect does not know this API key.');

		await ui.type('apiKey', merchant.apiKey);
		await ui.save();
		// The form closes when the test has succeeded.
		await page.getByTestId('credential-save-button').waitFor({ state: 'hidden' });
		await ui.openCredential();
		await text('Connection tested successfully');
		await ui.closeCredential();
		expect(stage().sandbox.payments()).toHaveLength(before);
	});

	it('makes a payment with an Init Payment that is filled in by hand, and shows its link', async () => {
		await newInitPayment();
		await ui.type('amount', '12.5');
		await ui.choose('token', 'TND');
		await ui.choose('notify', 'Nobody');
		await ui.field('webhook').waitFor({ state: 'detached' });
		await ui.choose('notify', 'A Webhook URL');
		await ui.type('webhook', HOOK);
		await ui.addField('Order ID');
		await ui.type('orderId', 'ORDER-1042');
		await picture(page, 'init-payment');
		await ui.execute();

		const ref = await ui.outputOf('paymentRef');
		expect(await ui.outputOf('payUrl')).toBe(`${stage().sandbox.url}/pay?payment_ref=${ref}`);
		expect(await ui.outputOf('amountInCurrency')).toBe('12.500');
		expect(stage().sandbox.payment(ref)?.request).toMatchObject({
			amount: 12500,
			token: 'TND',
			orderId: 'ORDER-1042',
			webhook: expect.stringContaining(`${HOOK}?konnect_terms=`),
		});
		await ui.output.getByTestId('radio-button-json').click();
		await ui.output.getByText('"amountInCurrency"').waitFor();
		await page.setViewportSize(WIDE);
		await picture(page, 'output', ui.output);
		await page.setViewportSize(SIZE);
	});

	it('shows a trigger’s addresses, and what else can be set', async () => {
		await newTrigger();
		const production = await ui.copyUrl('Production');
		expect(production).toMatch(/^https:\/\/n8n\.example\.com\/webhook\/[0-9a-f-]{36}\/konnect$/);
		expect(await ui.copyUrl('Test')).toBe(production.replace('/webhook/', '/webhook-test/'));
		await ui.addField('Keep Looking (Minutes)');
		await ui.field('keepLooking').waitFor();
		await ui.addField('Success URL');
		await ui.field('successUrl').waitFor();
		await ui.copyUrl('Production');
		await picture(page, 'trigger');
	});

	it('listens for a test event, and shows the payment that comes with it', async () => {
		await newTrigger();
		const url = here(await ui.copyUrl('Test'));
		const [ref = ''] = await paidPayments(stage().sandbox, 1);
		await ui.execute();
		await text('Stop Listening');

		// Which page the payer sees depends on how busy n8n is: where it is slow, a test starts after the answer.
		const payer = await browser().newPage();
		await payer.goto(`${url}?payment_ref=${ref}`);
		await payer.close();

		expect(await ui.outputOf('paymentId')).toBe(ref);
		expect(await ui.outputOf('state')).toBe('paid');
		expect(await ui.outputOf('amountInCurrency')).toBe('12.500');
	});

	it.each(['light', 'dark'] as const)(
		'shows both nodes on a %s canvas, each with the icon for it',
		async (colorScheme) => {
			const workflow = await stage().client.createWorkflow(soldByLink(stage()));
			await page.emulateMedia({ colorScheme });
			await ui.openWorkflow(workflow.id);
			const file = colorScheme === 'dark' ? 'konnect.dark.svg' : 'konnect.svg';
			const icons = page.getByTestId('canvas-node').locator(`img[src$="/${file}"]`);
			await icons.nth(1).waitFor();
			expect(await icons.count()).toBe(2);
			await text('Init Payment');
			await picture(page, `editor-${colorScheme}`);
		},
	);
});

describe('the text of an example, pasted onto an empty canvas', () => pasteSuite(stage, () => ui));
