import { serve } from '../../fixtures/server';
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
		const { baseUrl, close } = await stranger(status, body);
		const answer = await test({ baseUrl });
		await close();
		expect(answer.status).toBe('Error');
		expect(answer.message).toContain('not the Konnect API');
	});

	it('tells in words that nothing listens at the address, and by which field it was given', async () => {
		const { baseUrl, close } = await stranger(200, '');
		await close();
		const { status, message } = await test({ baseUrl });
		expect(status).toBe('Error');
		expect(message).toContain(`nothing listens at "${new URL(baseUrl).host}"`);
		expect(message).toContain("'Base URL'");
	});
}

/** A web server that is not Konnect. */
async function stranger(status: number, body: string) {
	const { url, close } = await serve((_request, response) => {
		response.writeHead(status, { 'content-type': 'text/html' }).end(body);
	});
	return { baseUrl: `${url}/api/v2`, close };
}
