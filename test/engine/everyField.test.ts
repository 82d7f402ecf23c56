import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import fetch from 'node-fetch';

import { startSandbox, type Sandbox } from '../../sandbox';
import { credentialFor, loader, packageLoaded, runNode } from './harness';
import { startWebhookServer } from './webhookServer';

// Walks through every field of the nodes' own descriptions, so that a new one is in here without anyone adding it. Whatever an
// expression gives, it is refused by the field's label before Konnect is asked, or means exactly what was given.

/** What expressions give when something is not as it was thought to be. */
const GIVEN: Array<[name: string, expression: string]> = [
	['undefined', '={{ undefined }}'],
	['null', '={{ null }}'],
	['an empty text', '={{ "" }}'],
	['a space', '={{ " " }}'],
	['NaN', '={{ NaN }}'],
	['a list', '={{ [] }}'],
	['a list with text in it', '={{ ["x"] }}'],
	['an object', '={{ ({ a: 1 }) }}'],
	['true', '={{ true }}'],
	['a number', '={{ 7 }}'],
	['a number below zero', '={{ -7 }}'],
	['a word', '={{ "Webhook" }}'],
	['a very long text', '={{ "x".repeat(100000) }}'],
];

/** Only these may come out as nothing: nobody is bound to give them. */
const MAY_BE_EMPTY = ['description', 'firstName', 'lastName', 'phoneNumber', 'email'];

/** Answers and their redirects are the caller's: where an address cannot be used the caller gets a page, and no payment is lost. */
const ONLY_FOR_THE_ANSWER = ['successUrl', 'failUrl'];

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
	await packageLoaded;
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

interface Field {
	name: string;
	label: string;
	property: INodeProperties;
	/** The parameters with the field set to a value. */
	with(value: unknown): INodeParameters;
}

const propertiesOf = (type: 'konnect' | 'konnectTrigger') =>
	(loader.getNode(type).type.description as { properties: INodeProperties[] }).properties;

/** All fields that stand in the node for an operation, or in the trigger, with those of its collections. */
function fieldsOf(properties: INodeProperties[], operation?: string): Field[] {
	const shown = properties.filter(({ name, type, displayOptions }) => {
		const operations = displayOptions?.show?.operation;
		return (
			name !== 'operation' &&
			type !== 'notice' &&
			(operations === undefined || operations.includes(operation ?? ''))
		);
	});
	return shown.flatMap((property): Field[] => {
		if (property.type !== 'collection') {
			return [fieldOf(property, (value) => ({ [property.name]: value }) as INodeParameters)];
		}
		// n8n takes no expression for a collection as a whole.
		return (property.options as INodeProperties[]).map((option) =>
			fieldOf(option, (value) => ({ [property.name]: { [option.name]: value } }) as never),
		);
	});
}

const fieldOf = (property: INodeProperties, by: Field['with']): Field => ({
	name: property.name,
	label: property.displayName,
	property,
	with: by,
});

/** A wrong case of a choice that would be right otherwise. */
const wrongCase = ({ options }: INodeProperties): Array<[string, string]> =>
	(options ?? [])
		.filter((option): option is { name: string; value: string } => 'value' in option)
		.map(({ value }) => String(value).toUpperCase())
		.filter(
			(upper) => !(options ?? []).some((option) => 'value' in option && option.value === upper),
		)
		.map((upper) => [`${upper}, in another case`, `={{ ${JSON.stringify(upper)} }}`]);

const all = (property: INodeProperties) => [...GIVEN, ...wrongCase(property)];

const WEBHOOK = 'https://n8n.example/webhook/x/konnect';

describe('Init Payment', () => {
	const base = { operation: 'initPayment', amount: '12.500', notify: 'url', webhook: WEBHOOK };

	const init = async (changes: INodeParameters) => {
		const { error, output } = await runNode(
			{ ...base, ...changes, options: { signWebhook: false, ...(changes.options as object) } },
			{ credential: credentialFor(sandbox) },
		);
		const sent = sandbox.requests.map(({ body }) => body as Record<string, unknown>);
		return { error, output, sent };
	};

	it('is refused by the field’s label, or sends exactly what was given', async () => {
		const plain = (await init({})).sent[0];
		for (const field of fieldsOf(propertiesOf('konnect'), 'initPayment')) {
			for (const [given, expression] of all(field.property)) {
				sandbox.reset();
				const { error, sent } = await init(field.with(expression));
				const what = `${field.label}: ${given}`;
				if (error) {
					expect([what, error.message]).toEqual([
						what,
						expect.stringContaining(`'${field.label}'`),
					]);
					expect([what, sent]).toEqual([what, []]);
				} else {
					expect([what, sent[0]]).toEqual([what, { ...plain, ...meaningOf(field, expression) }]);
				}
			}
		}
	}, 120_000);

	/** What may be sent besides for what an expression gave, if it is not refused. */
	function meaningOf({ name, property }: Field, expression: string): Record<string, unknown> {
		const value: unknown = new Function(`return ${/\{\{(.*)\}\}/s.exec(expression)?.[1]}`)();
		const isNothing = value === undefined || value === null || String(value).trim() === '';
		if (isNothing) {
			// Nothing is dropped but what nobody is bound to give.
			expect(MAY_BE_EMPTY).toContain(name);
			return {};
		}
		if (name === 'otherFields') return value as Record<string, unknown>;
		if (name === 'amount') return { amount: Number(value) * 1000 };
		if (property.type === 'string') return { [name]: String(value) };
		if (name === 'concurrency' || name === 'timeout') return {};
		if (name === 'signWebhook') return { webhook: expect.stringContaining('konnect_terms=') };
		return { [name]: value };
	}
});

describe.each(['getPayment', 'waitForPayment'])('%s', (operation) => {
	it('is refused by the field’s label, or asks for exactly that payment', async () => {
		const made = await runNode(
			{ operation: 'initPayment', amount: 12.5, notify: 'execution' },
			{ credential: credentialFor(sandbox) },
		);
		const paymentId = String(made.output[0]?.json.paymentRef);
		await sandbox.pay(paymentId);
		const reads = () => sandbox.requests.filter(({ method }) => method === 'GET');
		for (const field of fieldsOf(propertiesOf('konnect'), operation)) {
			for (const [given, expression] of all(field.property)) {
				const before = reads().length;
				const { error, output } = await runNode(
					{ operation, paymentId, ...field.with(expression) },
					{ credential: credentialFor(sandbox) },
				);
				const what = `${field.label}: ${given}`;
				if (error) {
					expect([what, error.message]).toEqual([
						what,
						expect.stringContaining(`'${field.label}'`),
					]);
					expect([what, reads().length]).toEqual([what, before]);
					continue;
				}
				expect([what, output[0]?.json]).toEqual([
					what,
					expect.objectContaining({ state: 'paid', paymentId }),
				]);
				// An expectation that was taken is one that was compared.
				if (field.name.startsWith('expected')) {
					expect([what, output[0]?.json.matches]).toEqual([what, false]);
				}
			}
		}
	}, 240_000);
});

describe('the trigger', () => {
	it('fails for its owner by the field’s label, or takes the call as it is set', async () => {
		const { output } = await runNode(
			{ operation: 'initPayment', amount: 12.5, notify: 'none' },
			{ credential: credentialFor(sandbox) },
		);
		const ref = String(output[0]?.json.paymentRef);
		await sandbox.pay(ref);
		for (const field of fieldsOf(propertiesOf('konnectTrigger'))) {
			for (const [given, expression] of all(field.property)) {
				const server = await startWebhookServer({
					credential: credentialFor(sandbox),
					parameters: field.with(expression),
				});
				const before = sandbox.requests.length;
				const { status } = await fetch(`${server.url}?payment_ref=${ref}`);
				await server.close();
				const what = `${field.label}: ${given}`;
				if (server.failures.length === 0 || ONLY_FOR_THE_ANSWER.includes(field.name)) {
					expect([what, status, server.executions.length]).toEqual([what, 200, 1]);
					continue;
				}
				expect([what, status, server.executions]).toEqual([what, 502, []]);
				expect([what, server.failures[0]?.message]).toEqual([
					what,
					expect.stringContaining(`'${field.label}'`),
				]);
				expect(sandbox.requests.length).toBe(before);
			}
		}
	}, 240_000);
});
