import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { startSandbox, type Sandbox } from '../../../sandbox/index';
import { checkPorts } from '../../../scripts/demo/ports';

const COMMAND = 'npm start';

let sandbox: Sandbox;
let stranger: Server;
let sandboxPort: number;
let port: number;
beforeAll(async () => {
	sandbox = await startSandbox();
	sandboxPort = Number(new URL(sandbox.url).port);
	stranger = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
	await once(stranger, 'listening');
	({ port } = stranger.address() as AddressInfo);
});
afterAll(async () => {
	await sandbox.close();
	stranger.close();
});

const refusal = async (ports: Parameters<typeof checkPorts>[0]) =>
	await checkPorts(ports, COMMAND).then(
		() => '',
		({ message }: Error) => message,
	);

describe('the ports of npm start', () => {
	it('are each told of when they are taken, by whom, and which to use instead', async () => {
		const [first, second, advice, command = ''] = (await refusal({ port, sandboxPort })).split(
			'\n',
		);
		expect(first).toBe(`Port ${port} is taken by another program.`);
		expect(second).toBe(
			`Port ${sandboxPort} is taken by a Konnect sandbox, perhaps that of another npm start: ${sandbox.url}/admin.`,
		);
		expect(advice).toBe('End what is there, or choose other ports:');
		const [, one, other] =
			/^ {2}npm start -- --port (\d+) --sandbox-port (\d+)$/.exec(command) ?? [];
		for (const free of [one, other]) {
			const server = createServer().listen(Number(free), '127.0.0.1');
			await once(server, 'listening');
			server.close();
		}
	});

	it('are not spoken of where they are free', async () => {
		const message = await refusal({ port, sandboxPort: 65_535 });
		expect(message).toMatch(/ {2}npm start -- --port \d+$/);
		expect(message).not.toContain('65535');
	});
});
