import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const SECRET = 'whsec_of_the_benchmark_0123456789';

/** Stripe's API as far as Stripe Trigger needs it to be published. */
export async function startStripe() {
	const endpoint = { id: 'we_bench', secret: SECRET, status: 'enabled', enabled_events: ['*'] };
	const server = createServer((_request, response) => {
		response.setHeader('content-type', 'application/json').end(JSON.stringify(endpoint));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		close: () => {
			server.close();
			server.closeAllConnections();
		},
	};
}

/** A call as Stripe sends it when a payment has succeeded. */
export function stripeEvent(id: string) {
	return JSON.stringify({
		id: `evt_${id}`,
		object: 'event',
		type: 'payment_intent.succeeded',
		data: { object: { id: `pi_${id}`, amount: 12_500, currency: 'eur', status: 'succeeded' } },
	});
}

/** The header that proves an event to be Stripe's. It is valid for five minutes. */
export function stripeSignature(event: string, secret = SECRET): string {
	const time = Math.floor(Date.now() / 1000);
	const signature = createHmac('sha256', secret).update(`${time}.${event}`).digest('hex');
	return `t=${time},v1=${signature}`;
}
