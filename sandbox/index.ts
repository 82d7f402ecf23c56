import { setMaxListeners } from 'node:events';
import { processPayment } from './checkout';
import type { Context } from './context';
import type { Sandbox, SandboxOptions } from './contract';
import { createFaultPlan } from './faults';
import { keep, readKept } from './keep';
import { listen } from './server';
import { createStore } from './store';
import type { SandboxPayment } from './types';
import { createWebhooks } from './webhooks';

export { SANDBOX_ACCOUNTS } from './accounts';
export { TEST_CARDS } from './cards';
export type * from './contract';
export type * from './types';

function payUrl(base: string, { ref, request: { theme } }: SandboxPayment): string {
	return `${base}/pay?payment_ref=${ref}${theme ? `&theme=${theme}` : ''}`;
}

function createContext(options: SandboxOptions, stop: AbortSignal, url: () => string): Context {
	const { now = Date.now, log = () => {}, keepIn } = options;
	const store = createStore(now);
	if (keepIn) readKept(keepIn).forEach(store.addPayment);
	const faults = createFaultPlan(options.faults ?? {});
	return {
		settings: settingsOf(options),
		quirks: options.quirks ?? {},
		store,
		faults,
		webhooks: createWebhooks({ store, faults, now, log, stop }),
		rateLimit: options.rateLimit,
		now,
		log,
		stop,
		keep() {
			if (keepIn) keep(keepIn, store.all());
		},
		payUrl: (payment) => payUrl(url(), payment),
	};
}

const settingsOf = ({ shape = 'real', getKey = 'required' }: SandboxOptions) => ({ shape, getKey });

/** What a test can do with a sandbox without HTTP. */
function createControls(context: Context, options: SandboxOptions) {
	const { store, faults, webhooks, settings } = context;
	const known = (ref: string): SandboxPayment => {
		const payment = store.find(ref);
		if (!payment) throw new Error(`The sandbox knows no payment '${ref}'.`);
		return payment;
	};
	return {
		requests: store.requests,
		deliveries: store.deliveries,
		payment: (ref) => store.find(ref),
		payments: () => store.all(),
		setFaults: (next) => faults.set(next),
		clearFaults: () => faults.set({}),
		setShape: (shape) => void (settings.shape = shape),
		setGetKey: (mode) => void (settings.getKey = mode),
		pay: async (ref, input = {}) => await processPayment(context, known(ref), input),
		settle: (ref) => store.settle(known(ref)),
		expire: (ref) => store.expire(known(ref)),
		update: (ref, patch) => void Object.assign(known(ref).patch, patch),
		reset() {
			store.clear();
			webhooks.clear();
			faults.set(options.faults ?? {});
			Object.assign(settings, settingsOf(options));
		},
	} satisfies Omit<Sandbox, 'url' | 'apiBaseUrl' | 'close'>;
}

/** Starts a Konnect of your own. @throws when the port is taken, or what was kept cannot be read */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const stop = new AbortController();
	// Every delayed answer listens to this signal, and there can be more of them than Node's default limit.
	setMaxListeners(0, stop.signal);
	let url = '';
	const context = createContext(options, stop.signal, () => url);
	const controls = createControls(context, options);
	const server = await listen(context, controls, options);
	url = server.url;
	return {
		...controls,
		url,
		apiBaseUrl: `${url}/api/v2`,
		async close() {
			stop.abort();
			await server.close();
			context.keep();
		},
	};
}
