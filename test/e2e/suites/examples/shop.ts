import {
	findTable,
	outputOf,
	publishExample,
	startReceiver,
	startStage,
	triggerUrl,
	type Changes,
	type Receiver,
} from '../../harness';

const TABLE = 'Konnect payments';

export type ExampleShop = Awaited<ReturnType<typeof openExampleShop>>;

/** The examples, imported and published as their notes say, with a chat that they write to. */
export async function openExampleShop() {
	const stage = await startStage();
	const { client } = stage;
	const chat = await startReceiver();
	const received = await publishExample(stage, 'payment-received', chatChanges(chat));
	return {
		...stage,
		chat,
		received,
		/** The production URL of the trigger in the example 'payment-received'. */
		webhook: triggerUrl(stage, received),
		/** The rows that the examples' table has of a payment. */
		rowsOf: async (paymentId: string) => {
			const rows = await (await findTable(client, TABLE)).rows();
			return rows.filter((row) => row.paymentId === paymentId);
		},
		/** Adds payments to the table as the example with the form does. */
		note: async (paymentIds: string[]) => {
			const rows = paymentIds.map((paymentId) => ({ paymentId, state: 'pending' }));
			await (await findTable(client, TABLE)).insert(rows);
		},
		/** The execution of 'payment-received' for a payment, when it has ended. */
		receivedFor: async (paymentId: string) =>
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
