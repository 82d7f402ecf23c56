import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { startSandbox, type Sandbox } from '../../sandbox';
import { packPackage } from '../../scripts/n8n/pack';
import { freePorts } from '../../scripts/n8n/ports';
import type { N8nServer } from '../../scripts/n8n/server';
import { temporaryFolder } from '../../scripts/n8n/temporary';
import { signIn } from './editor/browser';
import { editor } from './editor/editor';
import * as harness from './harness';
import { run } from './suites/core/steps';

const PACKAGE = 'n8n-nodes-konnect';
const NEWER = '99.0.0';

jest.setTimeout(400_000);

let sandbox: Sandbox;
let port: number;
let n8n: N8nServer;
let stage: Pick<harness.Stage, 'client' | 'credential' | 'n8n'>;
const userFolder = temporaryFolder('konnect-install-');

/** Ends n8n, has npm do something, and starts n8n again with the same data on the same port. */
async function restart(change: () => Promise<void>): Promise<void> {
	await n8n?.stop();
	await change();
	n8n = await harness.startServer({ packageSource: undefined, userFolder, port });
	const client = harness.n8nClient(n8n.url);
	await client.signIn(harness.OWNER);
	stage = { ...stage, client, n8n };
}

beforeAll(async () => {
	sandbox = await startSandbox();
	[port = 0] = await freePorts(1);
	// People add a package to an n8n that has run before, and so has created its folder for nodes.
	await restart(async () => {});
	const tarball = await packPackage();
	await restart(async () => await harness.npmInNodes(userFolder, 'install', tarball));
	stage.credential = await stage.client.createCredential(harness.credentialFor(sandbox));
});
afterAll(async () => {
	await n8n?.stop();
	await sandbox?.close();
	await rm(userFolder, { recursive: true, force: true, maxRetries: 5 });
});

async function publish(name: string, nodes: harness.NodeDraft[]) {
	const workflow = await stage.client.createWorkflow(harness.chain(name, nodes));
	await stage.client.publish(workflow.id);
	return workflow;
}

async function packageVersion(): Promise<unknown> {
	const types = await stage.client.request<Array<{ communityNodePackageVersion?: string }>>(
		'POST',
		'/node-types',
		{ nodeInfos: [{ name: `${PACKAGE}.konnect`, version: 1 }] },
	);
	return types[0]?.communityNodePackageVersion;
}

const paid = async () => (await harness.paidPayments(sandbox, 1))[0] ?? '';

describe('the package, installed with npm in n8n’s folder for nodes', () => {
	it('shows both nodes in the editor', async () => {
		const browser = await harness.openBrowser();
		const ui = editor(await signIn(browser, n8n.url));
		await ui.newWorkflow();
		await ui.openNodePanel();
		await ui.openKonnect();
		await ui.page.getByText('On paid', { exact: true }).waitFor();
		await ui.openActions();
		await ui.page.getByText('Init payment', { exact: true }).waitFor();
		await browser.close();
		// Settings → Community nodes has only what n8n installed itself, as docs/compatibility.md says.
		expect(await stage.client.request('GET', '/community-packages')).toEqual([]);
	});

	it('works beside the second n8n-workflow that npm adds, errors included', async () => {
		const fields = { operation: 'initPayment', amount: 1.2345, notify: 'none' };
		const execution = await run(stage, fields);
		expect(harness.errorOf(execution)).toBe(`'Amount' has too many decimals: "1.2345"`);
		expect(execution.data.resultData.error?.description).toContain('3 decimals');
	});

	it('keeps workflows, credentials and executions that wait, through an update', async () => {
		const shop = await publish('Shop', [harness.triggerNode(stage)]);
		const url = harness.triggerUrl(stage, shop);
		const order = await harness.openOrder({ ...stage, sandbox, entrances: [n8n.webhookUrl] });
		expect(await packageVersion()).not.toBe(NEWER);

		const newer = await harness.packAs(NEWER);
		await restart(async () => await harness.npmInNodes(userFolder, 'install', newer));

		expect(await packageVersion()).toBe(NEWER);
		expect((await stage.client.getWorkflow(shop.id)).nodes).toEqual(shop.nodes);
		const { id } = stage.credential;
		expect(await stage.client.getCredential(id)).toMatchObject({ type: 'konnectApi' });
		expect(await harness.call(url, await paid())).toMatchObject({ result: 'accepted' });
		expect(await order.isWaiting()).toBe(true);
		await sandbox.pay(order.ref);
		expect(harness.delivered(await order.ended())).toMatchObject([{ state: 'paid' }]);
	});

	it('leaves an n8n that starts when it is removed, shows what is missing, and runs all else', async () => {
		const shop = await publish('Shop', [harness.triggerNode(stage)]);
		const other = await publish('Other', [harness.webhookNode('Call', 'other')]);
		await restart(async () => await harness.npmInNodes(userFolder, 'uninstall', PACKAGE));

		await expect(packageVersion()).rejects.toThrow('Unrecognized node type');
		const browser = await harness.openBrowser();
		const ui = editor(await signIn(browser, n8n.url));
		await ui.openWorkflow(shop.id);
		await ui.openNode('Konnect Trigger');
		await ui.page.getByText('Install this node to use it').waitFor();
		await ui.page.getByText(`part of the ${PACKAGE} community package`).waitFor();
		await browser.close();
		expect((await fetch(`${n8n.webhookUrl}/other`)).status).toBe(200);
		await stage.client.waitForExecution({ workflowId: other.id, until: harness.hasEnded });
		expect((await stage.client.getWorkflow(shop.id)).nodes).toEqual(shop.nodes);

		// As the README says for n8n in a container image: npm adds nothing that would have to be compiled there.
		const newer = await harness.packAs(NEWER);
		await restart(
			async () => await harness.npmInNodes(userFolder, 'install', '--omit=peer', newer),
		);
		const installed = await readdir(join(userFolder, '.n8n/nodes/node_modules'));
		// npm has left the empty folders of scopes behind.
		expect(installed.filter((name) => !/^[.@]/.test(name))).toEqual([PACKAGE]);
		const url = harness.triggerUrl(stage, shop);
		expect(await harness.call(url, await paid())).toMatchObject({ result: 'accepted' });
	});
});
