import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

import type { HttpContext } from '../../nodes/Konnect/api/request';
import type { Waiting } from '../../nodes/Konnect/payment/waiting';

/** What a caller was sent. */
export interface ModelAnswer {
	status: number;
	headers: Record<string, string>;
	body: unknown;
}

/** The response of express, as far as our code and n8n use it. */
export class ModelResponse {
	private code = 200;

	private headers: Record<string, string> = {};

	/** How many answers were sent after the first. express would throw. */
	repeats = 0;

	isSent = false;

	constructor(private readonly onSent: (answer: ModelAnswer) => void) {}

	status(code: number) {
		this.code = code;
		return this;
	}

	set(headers: Record<string, string>) {
		Object.assign(this.headers, headers);
		return this;
	}

	setHeader(name: string, value: string) {
		return this.set({ [name]: value });
	}

	removeHeader(name: string) {
		delete this.headers[name];
		return this;
	}

	json(body: unknown) {
		return this.send(body);
	}

	end() {
		return this.send('');
	}

	send(body: unknown) {
		if (this.isSent) this.repeats++;
		else this.onSent({ status: this.code, headers: this.headers, body });
		this.isSent = true;
		return this;
	}
}

interface ContextOptions {
	address: string;
	isBrowser: boolean;
	response: ModelResponse;
	parameters: Record<string, unknown>;
	mode: 'webhook' | 'manual';
	credential(): Promise<IDataObject>;
	/** The node's part of the static data that n8n has loaded for this call. */
	staticData: IDataObject;
	waiting: Waiting | undefined;
	konnect: HttpContext;
}

/** n8n's webhook context, as far as our code uses it. */
export function contextOf(options: ContextOptions): IWebhookFunctions {
	const { address, isBrowser, response, parameters, mode, waiting, konnect } = options;
	const isWait = waiting !== undefined;
	const context = {
		...konnect,
		logger: { debug: () => {}, warn: () => {} },
		getMode: () => mode,
		getWorkflow: () => ({ id: 'workflow-1' }),
		getNode: () => ({
			id: isWait ? 'wait-node' : 'trigger-node',
			name: isWait ? 'Konnect' : 'Konnect Trigger',
			credentials: { konnectApi: { id: 'credential-1', name: 'Konnect' } },
		}),
		getHeaderData: () =>
			isBrowser
				? { accept: 'text/html', 'user-agent': 'Mozilla/5.0' }
				: { accept: '*/*', 'user-agent': 'axios' },
		getRequestObject: () => ({
			originalUrl: address.replace(/^https:\/\/[^/]*/, ''),
			acceptsLanguages: () => 'en',
		}),
		getResponseObject: () => response,
		getNodeParameter: (path: string, byDefault: unknown) => parameters[path] ?? byDefault,
		getCredentials: async () => await options.credential(),
		getWorkflowStaticData: () => options.staticData,
		// Our code reads by an expression what the node put into its context before it waited.
		evaluateExpression: () => waiting,
	};
	return context as unknown as IWebhookFunctions;
}
