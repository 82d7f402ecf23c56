import type { INode, INodeTypeDescription } from 'n8n-workflow';
import { isOurs } from '../../../../scripts/n8n/examples';
import { examples } from '../../../unit/examples/files';
import type { ExampleShop } from './shop';

/** Compares every node of n8n's own in the examples with what this n8n knows of it. */
export function knownSuite(shop: () => ExampleShop): void {
	const descriptionOf = async ({ type: name, typeVersion: version }: INode) => {
		const body = { nodeInfos: [{ name, version }] };
		const [found] = await shop().client.request<INodeTypeDescription[]>(
			'POST',
			'/node-types',
			body,
		);
		return found;
	};

	it('use nodes, versions and fields that n8n has', async () => {
		const faults: string[] = [];
		for (const { file, json } of examples) {
			for (const node of json.nodes.filter((one) => !isOurs(one))) {
				const found = faultsOf(node, await descriptionOf(node));
				faults.push(...found.map((fault) => `${file}: ${fault}`));
			}
		}
		expect(faults).toEqual([]);
	});

	it('would fail this test with a version or field that n8n does not have', async () => {
		const row = { name: 'Row', type: 'n8n-nodes-base.dataTable', typeVersion: 1.1, parameters: {} };
		const description = await descriptionOf(row as unknown as INode);
		const faultsWith = (change: object) =>
			faultsOf({ ...row, ...change } as unknown as INode, description);
		expect(faultsWith({ typeVersion: 99 })).toEqual([`there is no ${row.type} 99`]);
		expect(faultsWith({ parameters: { colour: 1 } })).toEqual([`'Row' has no field 'colour'`]);
	});
}

function faultsOf(
	{ name, type, typeVersion, parameters }: INode,
	description?: INodeTypeDescription,
): string[] {
	const isKnown = [description?.version].flat().includes(typeVersion);
	if (!description || !isKnown) return [`there is no ${type} ${typeVersion}`];
	const fields = description.properties.map((field) => field.name);
	const unknown = Object.keys(parameters).filter((field) => !fields.includes(field));
	return unknown.map((field) => `'${name}' has no field '${field}'`);
}
