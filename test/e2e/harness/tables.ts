import type { IDataObject } from 'n8n-workflow';
import type { Request } from '../../../scripts/n8n/http';
import type { N8nClient } from '../../../scripts/n8n/rest';

/** Makes a table with one column of text. Resolves with a function that removes it again. */
export async function makeTable(
	{ request }: N8nClient,
	name: string,
): Promise<() => Promise<void>> {
	const path = await tablesPath(request);
	const columns = [{ name: 'text', type: 'string' }];
	const { id } = await request<{ id: string }>('POST', path, { name, columns });
	return async () => void (await request('DELETE', `${path}/${id}`));
}

/** Finds a data table of the logged-in person. Throws when there is none of that very name. */
export async function findTable({ request }: N8nClient, name: string) {
	const path = await tablesPath(request);
	const tables = await request<Listed>('GET', path);
	const table = tables.data.find((found) => found.name === name);
	if (!table) throw new Error(`There is no data table '${name}'`);
	return {
		rows: async () =>
			(await request<Listed>('GET', `${path}/${String(table.id)}/rows?take=250`)).data,
		insert: async (data: IDataObject[]) => {
			await request('POST', `${path}/${String(table.id)}/insert`, { data, returnType: 'count' });
		},
	};
}

async function tablesPath(request: Request): Promise<string> {
	const { id } = await request<{ id: string }>('GET', '/projects/personal');
	return `/projects/${id}/data-tables`;
}

type Listed = { data: IDataObject[] };
