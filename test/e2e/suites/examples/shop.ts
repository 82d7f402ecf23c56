import type { IDataObject } from 'n8n-workflow';
import type { StoredWorkflow } from '../../../../scripts/n8n/workflows';
import {
	findTable,
	outputOf,
	publishExample,
	startReceiver,
	startStage,
	triggerUrl,
	type Changes,
	type Execution,
	type Receiver,
	type Stage,
} from '../../harness';

const TABLE = 'Konnect payments';

/** The examples, imported and published as their notes say, with a chat that they write to. */
export interface ExampleShop extends Stage {
	chat: Receiver;
	received: StoredWorkflow;
	/** The production URL of the trigger in the example 'payment-received'. */
	webhook: string;
	/** The rows that the examples' table has of a payment. */
	rowsOf(paymentId: string): Promise<IDataObject[]>;
	/** Adds payments to the table as the example with the form does. */
	note(paymentIds: string[]): Promise<void>;
	/** The execution of 'payment-received' for a payment, when it has ended. */
	receivedFor(paymentId: string): Promise<Execution>;
}

export async function openExampleShop(): Promise<ExampleShop> {
	const stage = await startStage();
	const { client } = stage;
	const chat = await startReceiver();
	const received = await publishExample(stage, 'payment-received', chatChanges(chat));
	const rowsOf = async (paymentId: string) => {
		const rows = await (await findTable(client, TABLE)).rows();
		return rows.filter((row) => row.paymentId === paymentId);
	};
	return {
		...stage,
		chat,
		received,
		webhook: triggerUrl(stage, received),
		rowsOf,
		note: async (paymentIds) => {
			const rows = paymentIds.map((paymentId) => ({ paymentId, state: 'pending' }));
			await (await findTable(client, TABLE)).insert(rows);
		},
		receivedFor: async (paymentId) =>
			await client.waitForExecution({
				workflowId: received.id,
				until: (execution) => {
					const [payment] = outputOf(execution, 'Konnect Trigger');
					return execution.status === 'success' && payment?.paymentId === paymentId;
				},
			}),
		close: async () => {
			await chat.close();
			await stage.close();
		},
	};
}

/** Enters the chat's address, and switches its node on. */
export function chatChanges({ url }: Receiver): Changes {
	return { 'Message to the chat': { disabled: false, parameters: { url } } };
}
