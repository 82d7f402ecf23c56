import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IDataObject, INodeParameters, INodeProperties } from 'n8n-workflow';

import { choicesOf } from './fields';
import { loader, ROOT, runNode, sandbox, useSandbox } from './harness';

interface Schema {
	type: string;
	properties: Record<string, { type: string }>;
}

const schemaOf = (operation: string): Schema =>
	JSON.parse(
		readFileSync(join(ROOT, `dist/nodes/Konnect/__schema__/v1.0.0/${operation}.json`), 'utf8'),
	) as Schema;

useSandbox();

const run = async (parameters: INodeParameters) =>
	(await runNode(parameters)).output[0]?.json ?? {};

/** An output in which every field but `failureReason` has a value. */
async function outputOf(operation: string): Promise<IDataObject> {
	const made = await run({
		operation: 'initPayment',
		amount: 1,
		notify: 'url',
		webhook: 'https://a.example/hook',
		additionalFields: { orderId: 'A-1' },
	});
	if (operation === 'initPayment') return made;
	const paymentId = String(made.paymentRef);
	const payer = { name: 'Test Payer', email: 'payer@example.com', phoneNumber: '22777777' };
	await sandbox.pay(paymentId, { payer });
	return await run({ operation, paymentId });
}

it('every operation puts out what its schema says', async () => {
	const { properties } = loader.getNode('konnect').type.description as {
		properties: INodeProperties[];
	};
	const operation = properties.find(({ name }) => name === 'operation') as INodeProperties;
	expect(choicesOf(operation)).toHaveLength(3);
	for (const name of choicesOf(operation)) {
		const output = await outputOf(name);
		const { type, properties: fields } = schemaOf(name);
		expect([name, type, Object.keys(fields)]).toEqual([name, 'object', Object.keys(output)]);
		for (const [field, value] of Object.entries(output)) {
			// No attempt has failed here.
			if (field === 'failureReason') expect(value).toBeNull();
			else expect([field, typeof value]).toEqual([field, fields[field]?.type]);
		}
	}
});
