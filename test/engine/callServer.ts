import { once } from 'node:events';

import express from 'express';
import { WebhookContext } from 'n8n-core';
import type {
	INode,
	IRunExecutionData,
	IWebhookData,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import fetch from 'node-fetch';

import { serve } from '../fixtures/server';
import { additionalDataFor, type StoredCredential } from './harness';

/**
 * Serves a path as n8n's server does: with the same query parser, and with status 500 if the handler throws.
 *
 * @param ended called when a call has ended
 */
export async function serveCalls(
	path: string,
	handle: (request: express.Request, response: express.Response) => Promise<void>,
	ended = () => {},
) {
	const app = express();
	app.set('query parser', 'extended');
	app.get(path, (request, response) => {
		void handle(request, response)
			.catch(() => response.status(500).json({ message: 'Internal error' }))
			.finally(ended);
	});
	const { server, url, close } = await serve(app);
	return {
		/** The address that calls are sent to. */
		url: `${url}${path}`,
		/** Resolves when the next call has come. */
		called: async () => await once(server, 'request'),
		close,
	};
}

interface CallOptions {
	workflow: Workflow;
	credential: () => StoredCredential;
	mode?: WorkflowExecuteMode;
	/** The data of the waiting execution that is called. */
	data?: IRunExecutionData;
	/** Collects the node's debug lines, and its warnings with `warn: ` before them. */
	log: string[];
}

/** n8n's own webhook context for a call. */
export function contextOf(
	node: INode,
	httpRequest: express.Request,
	httpResponse: express.Response,
	{ workflow, credential, mode = 'webhook', data, log }: CallOptions,
): WebhookContext {
	const context = new WebhookContext(
		workflow,
		node,
		additionalDataFor(credential, { httpRequest, httpResponse } as never),
		mode,
		{ webhookDescription: { name: 'default' } } as unknown as IWebhookData,
		[],
		data ?? null,
	);
	const warn = (line: string) => log.push(`warn: ${line}`);
	Object.defineProperty(context, 'logger', {
		value: { debug: (line: string) => log.push(line), info() {}, warn, error() {} },
	});
	return context;
}

/** Calls a webhook as a server does, unless the headers say otherwise. */
export async function call(address: string, headers: Record<string, string> = {}) {
	const response = await fetch(address, { headers, redirect: 'manual' });
	const text = await response.text();
	return {
		status: response.status,
		retryAfter: response.headers.get('retry-after'),
		location: response.headers.get('location'),
		headers: response.headers,
		text,
		/** The parsed body of a JSON answer. Empty for a page. */
		body: (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, unknown>,
	};
}
