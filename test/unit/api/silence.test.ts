import { NodeApiError, type INode } from 'n8n-workflow';

import { problemOfCredential } from '../../../nodes/Konnect/api/checkCredential';
import { explain } from '../../../nodes/Konnect/api/errors';
import { explainSilence } from '../../../nodes/Konnect/api/silence';
import { sentences } from '../../../nodes/Konnect/payment/sentences';
import { connection, contextOf, silence } from '../../fixtures/konnect';

const custom = {
	...connection,
	environment: 'custom' as const,
	baseUrl: 'http://konnect.example:4010/api/v2',
};

const CODES: Array<[code: string, message: RegExp, description: RegExp]> = [
	['ENOTFOUND', /no host is named "konnect\.example"$/, /DNS/],
	['EAI_AGAIN', /the name "konnect\.example" cannot be looked up at the moment$/, /DNS/],
	['ECONNREFUSED', /nothing listens at "konnect\.example:4010"$/, /host and port/],
	['EHOSTUNREACH', /this server has no route to "konnect\.example:4010"$/, /firewall/],
	['ENETUNREACH', /this server has no route to "konnect\.example:4010"$/, /firewall/],
	['CERT_HAS_EXPIRED', /certificate of "konnect\.example:4010" is not trusted$/, /valid/],
	['EPROTO', /was interrupted$/, /"konnect\.example:4010" does not speak HTTPS\. Perhaps .* http:/],
	['ECONNRESET', /was interrupted$/, /connection/],
];

describe('where nothing answers', () => {
	it.each(CODES)('says in words what is the matter: %s', (code, message, description) => {
		const problem = explainSilence(code, custom);
		expect(problem.message).toMatch(message);
		expect(problem.description).toMatch(description);
		expect(problem.description).toContain("The address comes from the credential's 'Base URL'.");
		const whole = explain(silence(code), custom).problem;
		expect(whole.message).toBe(problem.message);
		expect(whole.description).toBe(`${problem.description} The network says ${code}.`);
		const text = sentences(problem.message, problem.description);
		// The credential's Test makes a `NodeApiError` of what is thrown. n8n must not replace the text with its own there.
		expect(new NodeApiError({} as INode, new Error(text) as never).message).toBe(text);
	});

	it.each(['sandbox', 'production', 'preprod'] as const)(
		'names the field that says where Konnect is: %s',
		(environment) => {
			const { description } = explainSilence('ENOTFOUND', { ...connection, environment });
			expect(description).toContain("The address comes from the credential's 'Environment'.");
			expect(description.includes("'Sandbox'")).toBe(environment === 'preprod');
		},
	);

	it('has each sentence end once', () => {
		for (const [code] of [...CODES, ['ETIMEDOUT'], ['EUNKNOWN']]) {
			for (const at of [custom, connection]) {
				const { message, description } = explain(silence(code ?? ''), at).problem;
				expect(message).not.toMatch(/[.:!?]$/);
				expect(description).not.toMatch(/[.!?:]"?[.:]|\s\s/);
				expect(description).toMatch(/\.$/);
			}
		}
	});
});

describe('the look at a credential before it is tested', () => {
	let reached: Map<string, number>;
	beforeEach(() => {
		reached = new Map();
	});
	const look = async (response: Parameters<typeof contextOf>[0], changes = {}) => {
		const context = contextOf(response);
		const problem = await problemOfCredential(context, { ...custom, ...changes }, reached);
		return { problem, requests: context.requests };
	};

	it.each([200, 401, 404, 429, 503])('finds nothing where anything answers: %i', async (status) => {
		const { problem, requests } = await look({ status, body: '' });
		expect(problem).toBeUndefined();
		expect(requests).toMatchObject([{ method: 'GET', url: custom.baseUrl }]);
	});

	it('finds a field that cannot be right, and asks nothing', async () => {
		const { problem, requests } = await look({ status: 200 }, { webhookSecret: 'short' });
		expect(problem?.message).toMatch(/'Webhook Secret' is too short/);
		expect(requests).toEqual([]);
	});

	it('does not ask an address again that has just answered', async () => {
		await look({ status: 404 });
		expect((await look({ status: 404 })).requests).toEqual([]);
		const other = await look({ error: 'ECONNREFUSED' }, { baseUrl: 'http://other.example/api/v2' });
		expect(other.problem).toBeDefined();
	});

	it('finds that nothing listens, each time anew', async () => {
		const first = await look({ error: 'ECONNREFUSED' });
		const second = await look({ error: 'ECONNREFUSED' });
		for (const { problem, requests } of [first, second]) {
			expect(problem?.message).toMatch(/nothing listens at "konnect\.example:4010"/);
			expect(requests).toHaveLength(1);
		}
	});

	it('finds that no answer comes in time, and names no option that the credential does not have', async () => {
		const { problem } = await look({ error: 'ETIMEDOUT' });
		expect(problem).toEqual({
			message: 'Konnect did not answer in time',
			description: 'Try again later.',
		});
	});

	it('leaves to n8n what n8n has thrown', async () => {
		const httpRequest = () => Promise.reject(new Error('The request was blocked'));
		const context = { helpers: { httpRequest } };
		expect(await problemOfCredential(context, { ...custom }, reached)).toBeUndefined();
	});
});
