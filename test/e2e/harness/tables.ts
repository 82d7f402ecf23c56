import type { IDataObject } from 'n8n-workflow';
import type { N8nClient } from '../../../scripts/n8n/rest';

/** A data table of the logged-in person. */
export interface Table {
	rows(): Promise<IDataObject[]>;
	insert(rows: IDataObject[]): Promise<void>;
}

/** @throws when there is no table of that very name */
export async function findTable({ request }: N8nClient, name: string): Promise<Table> {
	const project = await request<{ id: string }>('GET', '/projects/personal');
	const path = `/projects/${project.id}/data-tables`;
	const tables = await request<Listed>('GET', path);
	const table = tables.data.find((found) => found.name === name);
	if (!table) throw new Error(`There is no data table '${name}'`);
	const rows = async () =>
		(await request<Listed>('GET', `${path}/${String(table.id)}/rows?take=250`)).data;
	return {
		rows,
		insert: async (data) => {
			await request('POST', `${path}/${String(table.id)}/insert`, { data, returnType: 'count' });
		},
	};
}

interface Listed {
	count: number;
	data: IDataObject[];
}
