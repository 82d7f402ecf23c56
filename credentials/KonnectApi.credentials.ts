import type {
	IAuthenticateGeneric,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';

import { BASE_URLS } from '../nodes/Konnect/api/environments';

const baseUrlExpression = `={{ (${JSON.stringify(BASE_URLS)})[$credentials.environment] ?? $credentials.baseUrl.trim().replace(/\\/+$/, "") }}`;

/** Strips quotes and invisible characters from keys and wallet ids, as the nodes do: users copy them together with these. */
const WITHOUT_QUOTES = '.replace(/^["\'“”‘’«»\\s\\p{C}]+|["\'“”‘’«»\\s\\p{C}]+$/gu, "")';

const UNABLE_TO_ANSWER = [429, 500, 502, 503, 504];

/** Answers which show that Konnect has not checked the fields. Each is recognised by a key in the body and its value. */
const REFUSALS: ReadonlyArray<[key: string, value: string | undefined, message: string]> = [
	[
		'errors[0].message',
		'Error: Invalid Api Key',
		'Konnect does not know this API key. Check that it was copied whole, and that it belongs to this environment: sandbox and production have separate keys.',
	],
	[
		'errors[0].code',
		'AUTHENTICATE_TOKEN_INVALID',
		'Konnect refuses this API key because of the status of the organisation. Until Konnect has validated your organisation (identity, bank details, licence), keys of this environment do not work.',
	],
	[
		'errors[0].target',
		'common',
		'Konnect refused the request before it looked at its fields, so the API key could not be confirmed. Check the key and the environment, or try again later.',
	],
	[
		'errors[0].target',
		undefined,
		'Something answers at this address, but not the Konnect API. Check the environment, and the base URL up to and including "/api/v2". If they are right, Konnect may be unavailable: try again later.',
	],
];

export class KonnectApi implements ICredentialType {
	name = 'konnectApi';

	displayName = 'Konnect API';

	icon: Icon = { light: 'file:../icons/konnect.svg', dark: 'file:../icons/konnect.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-konnect/n8n-nodes-konnect#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'Environment',
			name: 'environment',
			type: 'options',
			options: [
				{
					name: 'Sandbox',
					value: 'sandbox',
					description: 'For testing: payments are mocked, no money moves',
				},
				{
					name: 'Production',
					value: 'production',
					description: 'Real payments. Needs an organisation that Konnect has validated.',
				},
				{
					name: 'Preprod (Older Sandbox)',
					value: 'preprod',
					description: 'The sandbox host of Gateway API 0.23.0',
				},
				{
					name: 'Custom',
					value: 'custom',
					description: 'Another address, such as a proxy or a sandbox on your own machine',
				},
			],
			default: 'sandbox',
			description:
				'Sandbox and production are separate accounts: neither the key nor the wallet of one works in the other',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://api.sandbox.konnect.network/api/v2',
			description: 'Address of the API up to and including its version',
			displayOptions: { show: { environment: ['custom'] } },
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			placeholder: 'e.g. organisationId:uniqueKey',
			description:
				'From the organisation profile in the Konnect dashboard, which shows it only once',
		},
		{
			displayName: 'Wallet ID',
			name: 'walletId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 5f7a209aeb3f76490ac4a3d1',
			description: 'The wallet that receives the money: 24 characters, from the Konnect dashboard',
		},
		{
			displayName: 'Webhook Secret',
			name: 'webhookSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Optional. A long random text of your own, at least 16 characters, which signs webhook addresses so that Konnect Trigger can recognise forged ones. To replace it, put the new secret before the old one, separated by a comma.',
		},
		// Always empty: n8n runs preAuthentication only for a credential with an expirable field, and only while that is empty.
		{
			displayName: 'Session',
			name: 'session',
			type: 'hidden',
			typeOptions: { expirable: true },
			default: '',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { 'x-api-key': `={{ $credentials.apiKey${WITHOUT_QUOTES} }}` } },
	};

	/**
	 * Checks the form of the fields, and whether anything answers, before the Test's own request. If a request gets no answer, n8n
	 * shows only the system's error code, such as ENOTFOUND. n8n also runs this for an HTTP Request node with this credential.
	 */
	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		const { problemOfCredential, sentences } = await import('../nodes/Konnect/runtime');
		const problem = await problemOfCredential(this, credentials);
		if (problem) throw new Error(sentences(problem.message, problem.description));
		return {};
	}

	/**
	 * Konnect has no endpoint for testing a key, and reading a payment has been seen to work without a key. So this asks for a
	 * payment of 0: with a good key, Konnect complains about the amount, and creates nothing.
	 * Konnect marks complaints about a field with the target `field`, all others (bad key, unknown path) with `common`.
	 */
	test: ICredentialTestRequest = {
		request: {
			method: 'POST',
			baseURL: baseUrlExpression,
			url: '/payments/init-payment',
			body: {
				receiverWalletId: `={{ $credentials.walletId${WITHOUT_QUOTES} }}`,
				token: 'TND',
				amount: 0,
			},
			json: true,
			timeout: 15_000,
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: { ignore: true, except: UNABLE_TO_ANSWER },
		},
		rules: [
			...UNABLE_TO_ANSWER.map((value) => ({
				type: 'responseCode',
				properties: {
					value,
					message: `Konnect is reachable but cannot answer just now (HTTP ${value}), so the key could not be tested. Try again later.`,
				},
			})),
			...REFUSALS.map(([key, value, message]) => ({
				type: 'responseSuccessBody',
				properties: { key, value, message },
			})),
		] as ICredentialTestRequest['rules'],
	};
}
