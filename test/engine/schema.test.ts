import { readFileSync } from 'node:fs';
import { join } from 'node:path';

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

/** An output in which every field has a value. */
const outputs: Record<string, () => Promise<Record<string, unknown>>> = {
	async initPayment() {
		const { output } = await runNode({
			operation: 'initPayment',
			amount: 1,
			notify: 'url',
			webhook: 'https://a.example/hook',
			additionalFields: { orderId: 'A-1' },
		});
		return output[0]?.json ?? {};
	},
	async getPayment() {
		const { paymentRef } = await outputs.initPayment!();
		await sandbox.pay(String(paymentRef), {
			payer: { name: 'Test Payer', email: 'payer@example.com', phoneNumber: '22777777' },
		});
		const { output } = await runNode({ operation: 'getPayment', paymentId: String(paymentRef) });
		return output[0]?.json ?? {};
	},
	async waitForPayment() {
		const { paymentId } = await outputs.getPayment!();
		const { output } = await runNode({ operation: 'waitForPayment', paymentId: String(paymentId) });
		return output[0]?.json ?? {};
	},
};

describe('the output schemas', () => {
	it('are there for every operation', () => {
		const { properties } = loader.getNode('konnect').type.description as {
			properties: Array<{ name: string; options?: Array<{ value: string }> }>;
		};
		const operations = properties
			.find(({ name }) => name === 'operation')
			?.options?.map(({ value }) => value);
		expect(operations?.sort()).toEqual(Object.keys(outputs).sort());
	});

	it.each(Object.keys(outputs))('say what %s really puts out', async (operation) => {
		const output = await outputs[operation]!();
		const { type, properties } = schemaOf(operation);
		expect(type).toBe('object');
		expect(Object.keys(properties)).toEqual(Object.keys(output));
		for (const [name, value] of Object.entries(output)) {
			// No attempt has failed here.
			if (name === 'failureReason') expect(value).toBeNull();
			else expect([name, typeof value]).toEqual([name, properties[name]?.type]);
		}
	});
});
