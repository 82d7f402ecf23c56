import type { Account, Exchange } from './talk';

/** Replacements for values that could identify somebody, by the name of their field. */
const PEOPLE: Readonly<Record<string, unknown>> = {
	name: 'Test Payer',
	firstName: 'Test',
	lastName: 'Payer',
	email: 'payer@example.com',
	phoneNumber: '+216XXXXXXXX',
	imageURL: 'https://merchant.example/image',
	pan: '000000**0000',
	expiration: '203012',
	ext_payment_ref: '00000000-0000-4000-8000-000000000000',
	authRefNum: '000000',
	approvalCode: '000000',
	participants: [],
};

const WALLET = '5f7a209aeb3f76490ac4a3d1';
const ORGANISATION = '6137ad140c181c5eb44a7f88';

/** Fields whose id belongs to somebody. The ids of payments and transactions identify nobody. */
const WALLETS = new Set(['receiverWallet', 'senderWallet']);

/** Konnect's own hosts are kept, because we want to know their form. */
const isKonnects = (host: string) =>
	host === 'konnect.network' || host.endsWith('.konnect.network');

function withoutHost(address: string): string {
	return address.replace(
		/(https?:\/\/)([^\s/?#"'<>]+)/gi,
		(whole, scheme: string, place: string) => {
			const host = place.replace(/^.*@/, '').replace(/:\d+$/, '');
			return isKonnects(host) ? whole : `${scheme}merchant.example`;
		},
	);
}

/** Texts can hold anything, such as a complaint that repeats what was sent. */
const stripText = (text: string, { apiKey, otherApiKey, walletId }: Account) => {
	const secrets = [apiKey, otherApiKey].filter((key) => key !== undefined);
	let stripped = text;
	for (const key of secrets) {
		stripped = stripped
			.replaceAll(key, '[API key]')
			.replaceAll(key.split(':')[1] || key, '[API key]');
		stripped = stripped.replaceAll(key.split(':')[0] || key, ORGANISATION);
	}
	return withoutHost(stripped.replaceAll(walletId, WALLET))
		.replace(/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, 'payer@example.com')
		.replace(/\+216[\d ]{8,}/g, '+216XXXXXXXX')
		.replace(/\b\d(?:[ -]?\d){12,18}\b/g, '0000000000000000');
};

/** A value as it may be shown to anybody: without keys, people, cards, wallets and the hosts of merchants. */
export function strip(value: unknown, account: Account): unknown {
	if (typeof value === 'string') return stripText(value, account);
	if (Array.isArray(value)) return value.map((one) => strip(one, account));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, one]) => [name, stripField(name, one, account)]),
	);
}

function stripField(name: string, value: unknown, account: Account): unknown {
	if (value === null || value === '') return value;
	if (Object.hasOwn(PEOPLE, name)) return PEOPLE[name];
	const stripped = strip(value, account);
	if (!WALLETS.has(name) || typeof stripped !== 'object' || stripped === null) return stripped;
	return 'id' in stripped ? { ...stripped, id: WALLET } : stripped;
}

const HEADERS = ['content-type', 'retry-after'];

/** An exchange that can become a fixture. It keeps only the headers that our code reads. */
export function stripExchange({ request, answer }: Exchange, account: Account) {
	const path = request.url.replace(account.baseUrl, '');
	const headers = Object.entries(answer.headers).filter(([name]) => HEADERS.includes(name));
	return {
		request: {
			method: request.method,
			path: strip(path, account),
			hasKey: request.hasKey,
			body: strip(request.body, account),
		},
		answer: {
			status: answer.status,
			headers: Object.fromEntries(headers),
			body: strip(answer.body, account),
		},
	};
}
