import { SANDBOX_ACCOUNTS, startSandbox, type Sandbox } from '../../../sandbox/index';
import { table } from '../../../scripts/docs/table';
import {
	chain,
	credentialFor,
	hasEnded,
	itemsNode,
	konnectNode,
	manualTrigger,
	outputOf,
	startStage,
	type NodeDraft,
	type Stage,
} from '../../e2e/harness';
import { atMost, exactly } from '../shared/figures';
import type { Part } from '../shared/part';

const LATENCY = 200;
const TIMEOUT_MS = 480_000;
const SIZES = { full: { items: 300, perMinute: 100 }, small: { items: 12, perMinute: 10 } };
const NODE = 'Under Test';

/** Settings of an HTTP Request node, besides its request. */
type Settings = Partial<NodeDraft> & { batch?: { batchSize: number; batchInterval: number } };

const HTTP_REQUEST: Record<string, Settings> = {
	'HTTP Request, its settings as they come': {},
	'HTTP Request, _Retry On Fail_': { retryOnFail: true, maxTries: 3, waitBetweenTries: 5_000 },
	'HTTP Request, _On Error_: continue': { onError: 'continueRegularOutput' },
	'HTTP Request, _On Error_: continue, batches of 3 every 2 s': {
		onError: 'continueRegularOutput',
		batch: { batchSize: 3, batchInterval: 2_000 },
	},
};

function httpNode({ apiBaseUrl }: Sandbox, { batch, ...settings }: Settings): NodeDraft {
	const { apiKey, walletId } = SANDBOX_ACCOUNTS.merchant;
	return {
		name: NODE,
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		...settings,
		parameters: {
			method: 'POST',
			url: `${apiBaseUrl}/payments/init-payment`,
			sendHeaders: true,
			headerParameters: { parameters: [{ name: 'x-api-key', value: apiKey }] },
			sendBody: true,
			specifyBody: 'keypair',
			bodyParameters: {
				parameters: [
					{ name: 'receiverWalletId', value: walletId },
					{ name: 'token', value: 'TND' },
					{ name: 'amount', value: '={{ Math.round($json.amount * 1000) }}' },
					{ name: 'orderId', value: '={{ $json.order }}' },
				],
			},
			options: batch ? { batching: { batch } } : {},
		},
	};
}

async function initNode({ client }: Stage, sandbox: Sandbox): Promise<NodeDraft> {
	const { id, name } = await client.createCredential(credentialFor(sandbox));
	return konnectNode({ credential: { id, name } }, NODE, {
		operation: 'initPayment',
		amount: '={{ $json.amount }}',
		notify: 'none',
		additionalFields: { orderId: '={{ $json.order }}' },
	});
}

/** Runs a workflow of many items by hand, with its own sandbox. */
async function measure(
	{ client }: Stage,
	name: string,
	node: NodeDraft,
	items: number,
	sandbox: Sandbox,
) {
	const orders = Array.from({ length: items }, (_, n) => ({ amount: 12.5, order: `O-${n}` }));
	const drafts = [manualTrigger(), itemsNode('Items', orders), node];
	const { id } = await client.createWorkflow(chain(name, drafts));
	await client.runManually(id, 'Start');
	const until = hasEnded;
	const run = await client.waitForExecution({ workflowId: id, timeout: TIMEOUT_MS, until });
	const made = sandbox.payments().map(({ request }) => request.orderId);
	return {
		name,
		made: made.length,
		/** Payments whose links the workflow has when the node is done. */
		known: outputOf(run, NODE).filter(({ payUrl }) => payUrl !== undefined).length,
		twice: made.length - new Set(made).size,
		sent: sandbox.requests.length,
		refused: sandbox.requests.filter(({ status }) => status === 429).length,
		seconds: (Date.parse(run.stoppedAt ?? '') - Date.parse(run.startedAt)) / 1000,
	};
}

/** All at the same time, because they wait far more than they compute, and each has its own limit of requests. */
async function measureAll(items: number, rateLimit: number) {
	const stage = await startStage();
	const names = ['Init Payment', ...Object.keys(HTTP_REQUEST)];
	const options = { faults: { latency: LATENCY }, rateLimit };
	const sandboxes = await Promise.all(names.map(async () => await startSandbox(options)));
	try {
		return await Promise.all(
			sandboxes.map(async (sandbox, index) => {
				const name = names[index] ?? '';
				const settings = HTTP_REQUEST[name];
				const node = settings ? httpNode(sandbox, settings) : await initNode(stage, sandbox);
				return await measure(stage, name, node, items, sandbox);
			}),
		);
	} finally {
		await stage.close();
		await Promise.all(sandboxes.map(async (sandbox) => await sandbox.close()));
	}
}

export const many: Part = {
	name: 'many',
	page: 'benchmarks.md',
	async run(size) {
		const { items, perMinute } = SIZES[size];
		const rows = await measureAll(items, perMinute);
		return {
			text: [
				`${items} items on a real n8n, with a sandbox for each row that answers after ${LATENCY} ms, takes ${perMinute} requests within any minute, and answers the others with 429 and \`Retry-After\`. Init Payment has its default settings: 3 items at once.`,
				table(
					['', 'Payments made', 'Links put out', 'Made twice', 'Refused requests', 'Seconds'],
					rows.map(({ name, made, known, twice, sent, refused, seconds }) => [
						name,
						made,
						known,
						twice,
						`${refused} of ${sent}`,
						seconds.toFixed(0),
					]),
				),
			],
			targets: rows
				.slice(0, 1)
				.flatMap(({ known, twice, refused, sent }) => [
					exactly('Links of Init Payment', items, known),
					exactly('Orders with more than one payment', 0, twice),
					atMost('Requests refused in vain, percent', 5, (100 * refused) / sent),
				]),
		};
	},
};
