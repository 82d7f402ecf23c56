import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { toConnection } from './api/connection';
import { OPERATIONS } from './operations';
import { forEachItem } from './operations/forEachItem';

// Written out, not declarative: exact money, our own rules for what may be sent again, and Konnect's texts in every error.
export class Konnect implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Konnect',
		name: 'konnect',
		icon: { light: 'file:../../icons/konnect.svg', dark: 'file:../../icons/konnect.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ { initPayment: "Init Payment", getPayment: "Get Payment" }[$parameter["operation"]] }}',
		description: 'Take payments through Konnect Network, the payment gateway of Tunisia',
		defaults: { name: 'Konnect' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'konnectApi', required: true }],
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				options: Object.values(OPERATIONS).map(({ option }) => option),
				default: 'initPayment',
			},
			...Object.values(OPERATIONS).flatMap(({ fields }) => fields),
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const operation = OPERATIONS[this.getNodeParameter('operation', 0) as keyof typeof OPERATIONS];
		const connection = toConnection(await this.getCredentials('konnectApi'));
		return [await forEachItem(this, operation, connection)];
	}
}
