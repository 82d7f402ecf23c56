import { redact } from '../../../nodes/Konnect/api/connection';
import { explain, failureKindOf, readErrors } from '../../../nodes/Konnect/api/errors';
import type { Reply } from '../../../nodes/Konnect/api/request';
import { TABLES } from '../../../nodes/Konnect/descriptions';
import {
	amountOutOfRange,
	htmlPage,
	invalidKey,
	organisationNotValidated,
	paymentNotFound,
} from '../../fixtures/errors';
import { answer, connection, silence } from '../../fixtures/konnect';

const BLOCKED: Reply = {
	kind: 'blocked',
	problem: { message: 'It is restricted', description: 'Ask' },
};

const explained = (...reply: Parameters<typeof answer>) =>
	explain(answer(...reply), connection, { table: TABLES.initPayment });

describe('why a request has failed', () => {
	it.each([
		['keyRefused', 401, invalidKey],
		['keyRefused', 400, invalidKey],
		['keyRefused', 200, invalidKey],
		['keyRefused', 401, { errors: [{ code: 'A_CODE_OF_TOMORROW', message: 'no' }] }],
		['keyRefused', 403, { errors: [{ code: 'A_CODE_OF_TOMORROW', message: 'no' }] }],
		['unavailable', 403, htmlPage],
		['unavailable', 403, { message: 'Forbidden' }],
		['unavailable', 401, { errors: [] }],
		['notFound', 404, paymentNotFound],
		['invalid', 400, amountOutOfRange],
		['invalid', 422, amountOutOfRange],
		['invalid', 410, paymentNotFound],
		['unavailable', 410, { errors: ['gone'] }],
		['unavailable', 401, { errors: [], message: 'Unauthorized' }],
		['busy', 429, undefined],
		['unavailable', 404, htmlPage],
		['unavailable', 404, { message: 'no Route matched with those values' }],
		['unavailable', 404, { errors: [] }],
		['unavailable', 502, htmlPage],
		['unavailable', 503, { message: 'maintenance' }],
		['unavailable', 200, htmlPage],
		['unreadable', 200, paymentNotFound],
		['unreadable', 200, []],
		['unreadable', 201, {}],
		['unavailable', 302, ''],
	])('is %s for %i %j', (kind, status, body) => {
		expect(failureKindOf(answer(status, body))).toBe(kind);
		expect(explained(status, body).kind).toBe(kind);
	});

	it('is busy where the request was held back, blocked by n8n, unavailable where nothing answers', () => {
		expect(failureKindOf({ kind: 'held' })).toBe('busy');
		expect(failureKindOf(BLOCKED)).toBe('blocked');
		expect(failureKindOf(silence('ECONNREFUSED', false))).toBe('unavailable');
	});

	it.each([
		[{ kind: 'held' as const }, 'can be run again.'],
		[answer(429, undefined, 118_001), 'Konnect asks for a pause of 119 seconds.'],
		[answer(429, undefined, 119_001), 'Konnect asks for a pause of 2 minutes.'],
	])('tells what to do where Konnect is too busy: %j', (reply, said) => {
		const { message, description } = explain(reply, connection).problem;
		expect(message).toBe('Konnect is receiving too many requests with this API key');
		expect(description).toContain(said);
		expect(description).toContain('was not carried out');
		expect(description).not.toContain('Konnect says');
		expect(description).toMatch(/100 requests a minute.*Run the remaining items later/);
	});
});

describe('the errors of a body', () => {
	it('are read with code, field and message', () => {
		expect(readErrors(amountOutOfRange)).toEqual([
			{
				code: 'is_invalid',
				field: 'amount',
				message: 'Amount must be an integer number between 100 and 10000000.',
			},
		]);
	});

	it.each([
		[{ message: 'Too many requests' }, 'Too many requests'],
		[{ error: 'Bad Gateway' }, 'Bad Gateway'],
		[{ errors: [{ code: 'X_1' }] }, 'X_1'],
		[{ errors: [{}] }, 'no reason given'],
		[{ errors: [{ message: { fr: 'non' } }] }, 'no reason given'],
		[{ errors: [null, 'x', 7], message: 'y' }, 'x'],
		[{ errors: [7], message: 'y' }, 'y'],
	])('are read from %j as %p', (body, message) => {
		expect(readErrors(body)).toMatchObject([{ message }]);
	});

	it.each([undefined, null, '', htmlPage, 7, [], {}, { errors: 'x' }, { errors: [null, 7] }])(
		'are none in %j',
		(body) => {
			expect(readErrors(body)).toEqual([]);
		},
	);
});

describe('the text of an error', () => {
	it.each([
		[401, invalidKey, 'Error: Invalid Api Key'],
		[404, paymentNotFound, 'Paiement non trouvé'],
		[400, amountOutOfRange, 'Amount must be an integer number between 100 and 10000000.'],
		[503, { message: 'maintenance' }, 'maintenance'],
	])("has Konnect's own words in its description: %i", (status, body, words) => {
		expect(explained(status, body).problem.description).toMatch(
			new RegExp(`^Konnect says: "${words.replaceAll('.', '\\.')}"`),
		);
	});

	it('has all that Konnect found fault with, each field by its label', () => {
		const [amount] = amountOutOfRange.errors;
		const email = { code: 'is_invalid', message: 'bad email', source: { field: 'email' } };
		const { problem } = explained(422, { errors: [amount, email] });
		expect(problem.message).toBe("Konnect does not accept 'Amount', 'Email'");
		expect(problem.description).toContain('10000000.", "bad email". ');
		expect(problem.description).toMatch(/Correct 'Amount', 'Email' and run again\.$/);
	});

	it.each(['aFieldOfTomorrow', 'constructor', 'toString', '__proto__'])(
		"has Konnect's name of a field that has no label: %s",
		(field) => {
			const { problem } = explained(422, { errors: [{ message: 'no', source: { field } }] });
			expect(problem.message).toBe(`Konnect does not accept '${field}'`);
		},
	);

	it('tells a wrong key from an organisation that is not validated', () => {
		const wrongKey = explained(401, invalidKey).problem;
		expect(wrongKey.message).toBe('Konnect does not accept the API key');
		expect(wrongKey.description).toMatch(/'API Key'.*'Environment'/);
		const notValidated = explained(401, organisationNotValidated).problem;
		expect(notValidated.message).toMatch(/because of the status of the organisation/);
		expect(notValidated.description).toMatch(/validat.*dashboard/);
	});

	it.each([
		['organisation', 'Le status de cette organisation est en attente'],
		['organisation', 'LE STATUS DE CETTE ORGANISATION EST EN ATTENTE'],
		['organisation', 'Error: Le statut de votre organisation ne le permet pas'],
		['organisation', "le statut de l'organisation est invalide"],
		['organisation', 'The organization has the wrong status'],
		['key', 'Your status is not right'],
		['key', 'organization with a name of some length and its status'],
	])('knows what is about the %s: %s', (about, message) => {
		const errors = [{ code: 'AUTHENTICATE_TOKEN_INVALID', message }];
		expect(explained(403, { errors }).problem.message).toMatch(
			about === 'key' ? /^Konnect does not accept the API key$/ : /status of the organisation/,
		);
	});

	it('knows it where Konnect has more to say', () => {
		const errors = [...organisationNotValidated.errors, { message: 'Error: no' }];
		expect(explained(403, { errors }).problem.message).toMatch(/status of the organisation/);
	});

	it('has a text of five hundred characters whole, and cuts a longer one there', () => {
		const text = 'x'.repeat(500);
		expect(explained(503, { message: text }).problem.description).toContain(`"${text}"`);
		expect(explained(503, { message: `${text}y` }).problem.description).toContain(`"${text}…"`);
	});

	it('takes a code or a message of only spaces as missing', () => {
		expect(readErrors({ errors: [{ code: ' ', message: ' ' }] })).toEqual([
			{ code: undefined, field: undefined, message: 'no reason given' },
		]);
		expect(readErrors({ message: ' ', error: ' no ' })).toMatchObject([{ message: 'no' }]);
	});

	it.each([
		[silence('ETIMEDOUT'), /did not answer in time/, /'Timeout'.*Try again later/],
		[silence('ECONNABORTED'), /did not answer in time/, /'Timeout'/],
		[silence('ERR_CANCELED'), /was stopped/, /execution/],
		[BLOCKED, /^n8n blocked the request to Konnect$/, /^It is restricted\. Ask\.$/],
		[
			answer(502, htmlPage),
			/cannot answer just now \(HTTP 502\)/,
			/^Nothing is wrong.*Try again later/,
		],
		[answer(404, htmlPage), /does not look like Konnect's \(HTTP 404\)/, /'Base URL'/],
		[answer(200, htmlPage), /does not look like Konnect's \(HTTP 200\)/, /'Base URL'/],
		[answer(404, paymentNotFound), /does not know something/, /'Environment'/],
		[answer(400, {}), /does not accept the request/, /Correct the fields/],
	])('says what happened and what to do: %j', (reply, message, description) => {
		const { problem } = explain(reply, connection, { table: TABLES.initPayment });
		expect(problem.message).toMatch(message);
		expect(problem.description).toMatch(description);
		expect(problem.message + problem.description).not.toContain('<');
	});
});

it('signatures are taken out of what a server repeats', () => {
	const text = 'GET /w?signature=ab-c.1&konnect_terms=x_y.z&a=1 and signature=d';
	expect(redact(text, connection)).toBe(
		'GET /w?signature=[signature]&konnect_terms=[signature]&a=1 and signature=[signature]',
	);
});

describe('the API key', () => {
	const secret = connection.apiKey.split(':')[1] ?? '';
	const textOf = (status: number, body: unknown) => {
		const { problem } = explained(status, body);
		return `${problem.message} ${problem.description}`;
	};

	it('is taken out of what a server repeats', () => {
		const body = { message: `key ${connection.apiKey} is wrong, ${connection.apiKey}, ${secret}!` };
		const text = textOf(401, body);
		expect(text).not.toContain(secret);
		expect(text).toContain('key [API key] is wrong, [API key], [API key]!');
	});

	it('is taken out of the name of a field', () => {
		const body = { errors: [{ message: 'no', source: { field: connection.apiKey } }] };
		expect(textOf(400, body)).not.toContain(secret);
	});

	it('is not shown in part where a long text is cut within it', () => {
		for (let length = 440; length <= 500; length++) {
			const text = textOf(401, { message: 'x'.repeat(length) + connection.apiKey });
			expect(text).not.toContain(secret.slice(0, 8));
		}
	});
});
