import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import * as getPayment from './operations/getPayment.fields';
import * as initPayment from './operations/initPayment.fields';

/** How the operations are offered, in this order. */
const OFFERED = [getPayment, initPayment];

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
				options: OFFERED.map(({ option }) => option),
				default: 'initPayment',
			},
			...OFFERED.flatMap(({ fields }) => fields),
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		// Loaded when it is first needed: n8n loads every node at every start, and most starts run no payment.
		const { runOperation } = await import('./runtime');
		return [await runOperation(this)];
	}
}
