import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { credentialFor, type Stage } from '../harness';

/** What the Test button of the credential's form says, beyond what the core suite tests in every n8n that we support. */
export function credentialSuite(stage: () => Stage): void {
	afterEach(() => stage().sandbox.reset());

	const test = async (changes?: Record<string, string>) =>
		await stage().client.testCredential(credentialFor(stage().sandbox, changes));

	it('is green for a right key, with or without a slash behind the address, and makes no payment', async () => {
		expect(await test()).toEqual({ status: 'OK', message: 'Connection successful!' });
		expect(await test({ baseUrl: `${stage().sandbox.apiBaseUrl}/` })).toMatchObject({
			status: 'OK',
		});
		expect(stage().sandbox.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
		expect(stage().sandbox.payments()).toEqual([]);
	});

	it.each([
		[404, '<html>Not found</html>'],
		[200, '{"status":"ok"}'],
	])('tells a host that is not Konnect: %i %s', async (status, body) => {
		const { url, server } = await stranger(status, body);
		const answer = await test({ baseUrl: url });
		server.close();
		expect(answer.status).toBe('Error');
		expect(answer.message).toContain('not the Konnect API');
	});

	it('tells a field that cannot be right before it asks anything', async () => {
		const answer = await test({ walletId: 'abc' });
		const message = expect.stringContaining(`'Wallet ID' is not a wallet id`);
		expect(answer).toEqual({ status: 'Error', message });
		expect(stage().sandbox.requests).toEqual([]);
	});

	it('tells in words that nothing listens at the address, and by which field it was given', async () => {
		const { url, server } = await stranger(200, '');
		await new Promise((resolve) => server.close(resolve));
		const { status, message } = await test({ baseUrl: url });
		expect(status).toBe('Error');
		expect(message).toContain(`nothing listens at "${new URL(url).host}"`);
		expect(message).toContain("'Base URL'");
	});
}

/** A web server that is not Konnect. */
async function stranger(status: number, body: string): Promise<{ url: string; server: Server }> {
	const server = createServer((_request, response) => {
		response.writeHead(status, { 'content-type': 'text/html' }).end(body);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2`, server };
}
