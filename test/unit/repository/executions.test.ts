import type { Request } from '../../../scripts/n8n/http';
import { executions } from '../../../scripts/n8n/executions';

/** An n8n with executions of the ids 1, 2 and so on. Each started at the given second, and has ended. */
function n8nWith(starts: number[]) {
	const all = starts.map((second, index) => ({
		id: String(index + 1),
		status: 'success',
		startedAt: new Date(second * 1_000).toISOString(),
	}));
	// As n8n answers: the newest, up to the limit, of those that started at that moment or before.
	const request = (async (_: string, path: string) => {
		const { searchParams } = new URL(path, 'http://n8n');
		const { startedBefore } = JSON.parse(searchParams.get('filter') ?? '{}');
		const results = all
			.filter(({ startedAt }) => !startedBefore || startedAt <= startedBefore)
			.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
			.slice(0, Number(searchParams.get('limit')));
		return { results };
	}) as Request;
	return executions(request);
}

const idsOf = (list: Array<{ id: string }>) =>
	list.map(({ id }) => Number(id)).sort((a, b) => a - b);

describe('the list of all executions', () => {
	it('has executions that did not start in the order of their ids', async () => {
		// Every fifth execution waits in the queue for a minute.
		const starts = Array.from({ length: 350 }, (_, n) => (n % 5 === 0 ? n + 60 : n));
		const list = await n8nWith(starts).listAllExecutions({ workflowId: 'a' });
		expect(idsOf(list)).toEqual(starts.map((_, index) => index + 1));
	});

	it('has each of many that started in the same moment', async () => {
		const starts = Array.from({ length: 180 }, (_, n) => Math.floor(n / 60));
		expect(await n8nWith(starts).listAllExecutions({})).toHaveLength(180);
	});

	it('is refused where n8n cannot tell of all', async () => {
		const starts = Array.from({ length: 150 }, () => 7);
		await expect(n8nWith(starts).listAllExecutions({})).rejects.toThrow('does not tell of all');
	});
});
