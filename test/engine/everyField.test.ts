import type { INodeParameters, INodeProperties } from 'n8n-workflow';

import { call } from './callServer';
import { canMean, choicesOf, fieldsOf, givenTo, isNothing, valueOf, type Field } from './fields';
import { loader, makePayment, runNode, sandbox, useSandbox } from './harness';
import { startWebhookServer } from './webhookServer';

// Walks through every field of the nodes' own descriptions, so that a new field is tested without anyone adding it here. A value
// that a field of its type cannot mean must be refused before Konnect is asked, and the error must name the field by its label.
// Any other value must mean exactly what was given.

/** They only redirect the caller. If the address cannot be used, the caller gets a page instead, and no payment is lost. */
const ONLY_FOR_THE_ANSWER = ['successUrl', 'failUrl'];

useSandbox();

const propertiesOf = (type: 'konnect' | 'konnectTrigger') =>
	(loader.getNode(type).type.description as { properties: INodeProperties[] }).properties;

const OPERATIONS = ['initPayment', 'getPayment', 'waitForPayment'];
const WEBHOOK = 'https://n8n.example/webhook/x/konnect';

/**
 * Gives each field every value of `givenTo`.
 *
 * @param attempt runs the node with the expression in the field, and returns its error, if any
 * @param exempt names of fields that may accept a value that they cannot mean
 */
async function walk(
	fields: Field[],
	exempt: string[],
	attempt: (
		field: Field,
		expression: string,
		what: string,
	) => Promise<{ message: string } | undefined>,
): Promise<void> {
	for (const field of fields) {
		const { property } = field;
		const { name, displayName: label } = property;
		for (const [given, expression] of givenTo(property)) {
			const what = `${label}: ${given}`;
			const error = await attempt(field, expression, what);
			if (error) {
				expect([what, error.message]).toEqual([what, expect.stringContaining(`'${label}'`)]);
			} else if (!exempt.includes(name)) {
				expect([what, canMean(property, valueOf(expression))]).toEqual([what, true]);
			}
		}
	}
}

describe('Init Payment', () => {
	const base = { operation: 'initPayment', amount: '12.500', notify: 'url', webhook: WEBHOOK };

	const init = async (changes: INodeParameters) => {
		sandbox.reset();
		const { error } = await runNode({
			...base,
			...changes,
			options: { signWebhook: false, ...(changes.options as object) },
		});
		return { error, sent: sandbox.requests.map(({ body }) => body as Record<string, unknown>) };
	};

	it('refuses a value by the field’s label, or sends exactly what was given', async () => {
		const plain = (await init({})).sent[0];
		const fields = fieldsOf(propertiesOf('konnect'), 'initPayment');
		await walk(fields, [], async (field, expression, what) => {
			const { error, sent } = await init(field.with(expression));
			const meant = error ? [] : [{ ...plain, ...meaningOf(field, expression) }];
			expect([what, sent]).toEqual([what, meant]);
			return error;
		});
	}, 120_000);

	/** How the request differs from the plain one, if the expression's value is not refused. */
	function meaningOf({ property }: Field, expression: string): Record<string, unknown> {
		const { name, type } = property;
		const value = valueOf(expression);
		// Only an optional field can be empty here, and it is left out. All others were refused.
		if (isNothing(value)) return {};
		if (name === 'otherFields') return value as Record<string, unknown>;
		if (name === 'amount') return { amount: Number(value) * 1000 };
		if (type === 'string') return { [name]: String(value) };
		if (name === 'concurrency' || name === 'timeout') return {};
		if (name === 'signWebhook') {
			return value ? { webhook: expect.stringContaining(`${WEBHOOK}?konnect_terms=`) } : {};
		}
		return { [name]: value };
	}
});

describe.each(['getPayment', 'waitForPayment'])('%s', (operation) => {
	it('refuses a value by the field’s label, or asks for exactly that payment', async () => {
		const paymentId = await makePayment({ notify: 'execution' });
		await sandbox.pay(paymentId);
		const reads = () => sandbox.requests.filter(({ method }) => method === 'GET');
		const fields = fieldsOf(propertiesOf('konnect'), operation);
		await walk(fields, ONLY_FOR_THE_ANSWER, async (field, expression, what) => {
			const before = reads().length;
			const { error, output } = await runNode({ operation, paymentId, ...field.with(expression) });
			if (error) {
				expect([what, reads().length]).toEqual([what, before]);
				return error;
			}
			// An expectation that was not refused was compared.
			const compared = field.property.name.startsWith('expected') && { matches: false };
			const paid = { state: 'paid', paymentId, ...compared };
			expect([what, output[0]?.json]).toEqual([what, expect.objectContaining(paid)]);
			return undefined;
		});
	}, 240_000);
});

describe('the trigger', () => {
	it('tells its owner the field’s label when it fails, or takes the call as it is set', async () => {
		const ref = await makePayment();
		await sandbox.pay(ref);
		const fields = fieldsOf(propertiesOf('konnectTrigger'));
		await walk(fields, ONLY_FOR_THE_ANSWER, async (field, expression, what) => {
			const server = await startWebhookServer(field.with(expression));
			const before = sandbox.requests.length;
			const { status } = await call(`${server.url}?payment_ref=${ref}`);
			await server.close();
			const [failure] = server.failures;
			const came = [what, status, server.executions.length];
			expect(came).toEqual(failure ? [what, 502, 0] : [what, 200, 1]);
			if (failure) expect(sandbox.requests.length).toBe(before);
			return failure;
		});
	}, 240_000);
});

it('no amount is a number field of n8n’s, which changes what is typed: 12,5 becomes 125', async () => {
	const all = [
		...OPERATIONS.flatMap((operation) => fieldsOf(propertiesOf('konnect'), operation)),
		...fieldsOf(propertiesOf('konnectTrigger')),
	];
	const numbers = all
		.filter(({ property }) => property.type === 'number')
		.map(({ property }) => property.name);
	const noAmounts = ['concurrency', 'keepLooking', 'lifespan', 'timeout'];
	expect([...new Set(numbers)].sort()).toEqual(noAmounts);
});

it('every operation is walked through here', async () => {
	const operation = propertiesOf('konnect').find(({ name }) => name === 'operation');
	expect(choicesOf(operation as INodeProperties).sort()).toEqual([...OPERATIONS].sort());
});
