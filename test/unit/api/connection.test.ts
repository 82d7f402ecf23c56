import { toConnection } from '../../../nodes/Konnect/api/connection';
import { problemOf, valueOf } from '../../fixtures/results';

const API_KEY = '6137ad140c181c5eb44a7f88:invented_key-0123456789';
const WALLET = '5f7a209aeb3f76490ac4a3d1';
const credential = { environment: 'sandbox', apiKey: API_KEY, walletId: WALLET };

const connect = (changes: Record<string, unknown>) => toConnection({ ...credential, ...changes });

describe('a credential', () => {
	it.each([
		['sandbox', 'https://api.sandbox.konnect.network/api/v2'],
		['production', 'https://api.konnect.network/api/v2'],
		['preprod', 'https://api.preprod.konnect.network/api/v2'],
	])('of the environment %s connects to %s, whatever the base URL says', (environment, baseUrl) => {
		expect(valueOf(connect({ environment, baseUrl: 'https://evil.example/api/v2' }))).toEqual({
			environment,
			baseUrl,
			apiKey: API_KEY,
			walletId: WALLET,
			webhookSecrets: [],
		});
	});

	it.each([
		'http://localhost:7320/api/v2',
		'http://localhost:7320/api/v2///',
		'  http://localhost:7320/api/v2/ ',
	])('of a custom environment connects to its base URL, slash or not: %p', (baseUrl) => {
		const connection = valueOf(connect({ environment: 'custom', baseUrl }));
		expect(connection.baseUrl).toBe('http://localhost:7320/api/v2');
	});

	it.each([
		[` ${API_KEY}\n`, ` ${WALLET} `],
		[`"${API_KEY}"`, `"${WALLET}"`],
		[`“${API_KEY}”\u200e`, `« ${WALLET} »`],
		[API_KEY, WALLET.toUpperCase()],
	])(
		'may be pasted with spaces or quotes around its values, and its wallet in capitals: %s',
		(apiKey, walletId) => {
			expect(valueOf(connect({ apiKey, walletId }))).toMatchObject({
				apiKey: API_KEY,
				walletId: WALLET,
			});
		},
	);

	it.each(['', undefined, '   '])('may name no wallet: %p', (walletId) => {
		expect(valueOf(connect({ walletId })).walletId).toBeUndefined();
	});
});

describe('a credential is refused', () => {
	it('where key and wallet are swapped, and says so without showing either', () => {
		const problem = problemOf(connect({ apiKey: WALLET, walletId: API_KEY }));
		expect(problem.message).toContain('swapped');
		expect(problem.description).toContain('Swapped?');
		expect(JSON.stringify(problem)).not.toContain(API_KEY);
	});

	it.each(['', 'half-a-secret', 'organisation:', ':key', 'a b:c', 'a:b c', [API_KEY]])(
		'for the key %p',
		(apiKey) => {
			const { message, description } = problemOf(connect({ apiKey }));
			expect(message).toBe("The credential's 'API Key' is not a Konnect API key");
			expect(description).toContain('organisationId:uniqueKey');
			expect(description).not.toContain('half-a-secret');
		},
	);

	it.each(['x', WALLET.slice(1), `${WALLET}0`, 'g'.repeat(24)])('for the wallet %p', (walletId) => {
		const { message } = problemOf(connect({ walletId }));
		expect(message).toBe("The credential's 'Wallet ID' is not a wallet id");
	});

	it.each([
		'',
		'localhost:7320',
		'ftp://x',
		'javascript:https://konnect.example/api/v2',
		'https://',
		'https://konnect.example/api/v2?key=1',
		'https://konnect.example/api/v2#part',
	])('for the base URL %p of a custom environment', (baseUrl) => {
		const { message, description } = problemOf(connect({ environment: 'custom', baseUrl }));
		expect(message).toBe(
			baseUrl
				? `The credential's 'Base URL' is not an address: "${baseUrl}"`
				: "The credential's 'Base URL' is empty",
		);
		expect(description).toContain('https://api.sandbox.konnect.network/api/v2');
	});

	it.each([
		['https://me:pass@konnect.example/api/v2?key=1', 'https://konnect.example/api/v2?key=1'],
		['https://me:p/ss@konnect.example?key=1', 'https://konnect.example?key=1'],
		['me:pass@konnect.example/api/v2', 'konnect.example/api/v2'],
	])('without showing the password that stands in the base URL %p', (baseUrl, shown) => {
		const { message } = problemOf(connect({ environment: 'custom', baseUrl }));
		expect(message).toContain(`"${shown}"`);
	});

	it.each([
		['staging', '"staging"'],
		['constructor', '"constructor"'],
		['__proto__', '"__proto__"'],
		['Sandbox', '"Sandbox"'],
		// An expression that gives nothing must not lead to the sandbox, where payments with test cards count as paid.
		['', 'nothing'],
		[undefined, 'nothing'],
	])('for the environment %p', (environment, shown) => {
		const { message } = problemOf(connect({ environment }));
		expect(message).toBe(`The credential's 'Environment' is unknown: ${shown}`);
	});
});
