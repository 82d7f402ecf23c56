import { SANDBOX_ACCOUNTS } from '../../sandbox';
import { credentialFor, runNode, sandbox, useSandbox, type RunOptions } from './harness';

useSandbox();

const init = (parameters: object, options: RunOptions = {}) =>
	runNode({ operation: 'initPayment', amount: 12.5, notify: 'none', ...parameters }, options);

/** The body that arrived at Konnect last. */
const arrived = () => sandbox.requests.at(-1)?.body as Record<string, unknown>;

describe('what arrives at Konnect', () => {
	const WALLET = SANDBOX_ACCOUNTS.other.walletId;

	/** Every field of Gateway API 0.23.0, then those of the later documentation. */
	it('is each field as typed', async () => {
		const fields = {
			receiverWalletId: WALLET,
			type: 'partial',
			lifespan: 45,
			firstName: 'Amine',
			lastName: 'Ben Salah',
			phoneNumber: '22777777',
			email: 'amine@example.com',
			orderId: 'ORDER-1042',
			link: 'https://pay.example.com/abc',
			successUrl: 'https://shop.example.com/ok?a=1&b=%20',
			failUrl: 'https://shop.example.com/ko',
			acceptedPaymentMethods: [
				'wallet',
				'bank_card',
				'e-DINAR',
				'MCOIN',
				'flouci',
				'wire_transfer',
			],
			description: 'Deux billets — « samedi » تذكرتان',
			silentWebhook: false,
			checkoutForm: false,
			addPaymentFeesToAmount: true,
			theme: 'dark',
		};
		const { error, output } = await init({ additionalFields: fields });
		expect(error).toBeUndefined();
		expect(output).toHaveLength(1);
		expect(arrived()).toEqual({ ...fields, token: 'TND', amount: 12500 });
	});

	it('is the webhook as typed', async () => {
		const webhook = 'https://n8n.example.com/webhook/x/konnect?cart_id=6670';
		const options = { signWebhook: false };
		const { output } = await init({ notify: 'url', webhook, options });
		expect(arrived().webhook).toBe(webhook);
		expect(output[0]?.json.webhook).toBe(webhook);
		const used = `${webhook}&konnect_terms=a.b&payment_ref=6911c8a763c10de262b88c7c`;
		await init({ notify: 'url', webhook: used, options });
		expect(arrived().webhook).toBe(webhook);
	});

	it('has the payment’s signed terms in the webhook, and in a Success or Fail URL with the same address, but not in the output', async () => {
		const webhook = 'https://n8n.example.com/webhook/x/konnect?cart_id=6670';
		const additionalFields = {
			silentWebhook: true,
			successUrl: `${webhook}&payment_ref=1`,
			failUrl: 'https://n8n.example.com/webhook/x/konnect',
		};
		const { output } = await init({ notify: 'url', webhook, additionalFields });
		expect(arrived().webhook).toMatch(/\?cart_id=6670&konnect_terms=[\w-]+\.[\w-]{43}$/);
		expect(output[0]?.json.webhook).toBe(webhook);
		expect(arrived().successUrl).toBe(arrived().webhook);
		expect(arrived().failUrl).toBe(additionalFields.failUrl);
	});

	it('is the resume address of the execution, called by Konnect’s server unless the user says otherwise', async () => {
		const { output } = await init({ notify: 'execution', additionalFields: { lifespan: 30 } });
		const address =
			/^http:\/\/127\.0\.0\.1:5678\/webhook-waiting\/1\/konnect\?signature=\w+&konnect_last=1$/;
		expect(arrived()).toMatchObject({
			webhook: expect.stringMatching(address),
			silentWebhook: true,
			lifespan: 30,
		});
		expect(output[0]?.json.webhook).toBe('http://127.0.0.1:5678/webhook-waiting/1/konnect');
		await init({ notify: 'execution', additionalFields: { silentWebhook: false } });
		expect(arrived().silentWebhook).toBe(false);
	});

	it('is one request with the key, and only what was filled in, besides wallet, token, amount and type', async () => {
		await init({ additionalFields: { email: '', description: '', otherFields: '{}' } });
		expect(arrived()).toEqual({
			receiverWalletId: SANDBOX_ACCOUNTS.merchant.walletId,
			token: 'TND',
			amount: 12500,
			type: 'immediate',
		});
		expect(sandbox.requests).toMatchObject([
			{ method: 'POST', headers: { 'x-api-key': SANDBOX_ACCOUNTS.merchant.apiKey } },
		]);
	});

	it('has the fields of Other Fields in it', async () => {
		await init({ additionalFields: { otherFields: '{"newField": {"a": [1]}}' } });
		expect(arrived().newField).toEqual({ a: [1] });
	});
});

describe('what comes out', () => {
	it('is the reference, the link, and what was asked', async () => {
		const { output } = await init({ amount: '0.100', additionalFields: { orderId: 'A-1' } });
		const ref = sandbox.payments()[0]?.ref;
		expect(output).toEqual([
			{
				json: {
					paymentRef: ref,
					payUrl: `${sandbox.url}/pay?payment_ref=${ref}`,
					amount: 100,
					amountInCurrency: '0.100',
					token: 'TND',
					orderId: 'A-1',
					environment: 'custom',
					webhook: null,
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	it('reads amounts in millimes where the unit says so', async () => {
		const { output } = await init({ amount: 12500, amountUnit: 'minor' });
		expect(output[0]?.json).toMatchObject({ amount: 12500, amountInCurrency: '12.500' });
	});
});

describe('input that cannot be used', () => {
	it('is refused before Konnect is asked: parts of a millime, no wallet, and no execution that could wait', async () => {
		const parts = await init({ amount: 1.5, amountUnit: 'minor' });
		expect(parts.error?.message).toContain("'Amount' is not a whole number");
		const nowhere = await init({}, { credential: credentialFor({ walletId: '' }) });
		expect(nowhere.error?.message).toContain("'Receiver Wallet ID' is missing");
		const tool = await init({ notify: 'execution' }, { executionId: undefined });
		expect(tool.error?.message).toContain("'Notify' cannot be 'This Execution' here");
		expect(sandbox.requests).toHaveLength(0);
	});

	it('is shown with Konnect’s own words and the label of the field', async () => {
		const { error } = await init({ amount: 0.05 });
		expect(error?.message).toBe("Konnect does not accept 'Amount'");
		expect(error?.description).toContain(
			'Amount must be an integer number between 100 and 10000000.',
		);
	});
});

describe('a hint', () => {
	const toUrl = (webhook: string, additionalFields = {}) => ({
		notify: 'url',
		webhook,
		additionalFields,
	});
	const toTrigger = (fields = {}) => toUrl('https://n8n.example.com/webhook/x/konnect', fields);
	const toExecution = (additionalFields = {}) => ({ notify: 'execution', additionalFields });
	const toNobody = (additionalFields = {}) => ({ additionalFields });
	const NGROK = 'https://a1b2.ngrok-free.app/webhook/x/konnect';
	const successUrl = 'https://shop.example.com/ok';
	const failUrl = 'https://shop.example.com/ko';
	const otherFields = JSON.stringify({ successUrl });
	const IGNORED = "Turn on 'Silent Webhook'";

	it.each<[hint: string, parameters: object]>([
		["'Silent Webhook'", toExecution({ silentWebhook: false })],
		[IGNORED, toTrigger({ successUrl })],
		[IGNORED, toTrigger({ failUrl })],
		[IGNORED, toTrigger({ otherFields })],
		['not known to take it', toNobody({ successUrl: 'myapp://paid' })],
		['ngrok', toUrl(NGROK)],
	])('says %s with %j', async (hint, parameters) => {
		const { hints } = await init(parameters);
		expect(hints).toMatchObject([{ message: expect.stringContaining(hint) }]);
	});

	it.each([
		toExecution(),
		toTrigger(),
		toTrigger({ silentWebhook: false }),
		toTrigger({ successUrl, silentWebhook: true }),
		toNobody({ successUrl, failUrl }),
		toUrl(NGROK, { silentWebhook: true }),
		// Konnect may be able to reach localhost here, because the credential's environment is 'Custom'.
		toUrl('http://localhost:5678/webhook/x'),
	])('is not given with %j', async (parameters) => {
		expect((await init(parameters)).hints).toEqual([]);
	});

	it('is given once, however many items have it, though the first fails', async () => {
		const parameters = toUrl('https://n8n.example.com/webhook-test/x/konnect');
		const { hints, output } = await init(
			{ ...parameters, amount: '={{ $json.amount }}' },
			{
				items: ['none', 1, 2].map((amount) => ({ json: { amount } })),
				settings: { onError: 'continueRegularOutput' },
			},
		);
		expect(output).toHaveLength(3);
		expect(hints).toEqual([
			{ message: expect.stringContaining('test URL'), location: 'outputPane', type: 'warning' },
		]);
	});
});
