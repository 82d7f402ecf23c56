import type { IDataObject } from 'n8n-workflow';
import { executions } from './executions';
import { requester, type Request } from './http';
import { workflows } from './workflows';

export interface Owner {
	email: string;
	/** At least 8 characters, with a capital letter and a digit. */
	password: string;
	firstName: string;
	lastName: string;
}

export interface Credential {
	name: string;
	type: string;
	data: IDataObject;
}

export interface StoredCredential extends Omit<Credential, 'data'> {
	id: string;
}

/** n8n's REST interface, as the editor uses it, for one logged-in person. */
export type N8nClient = ReturnType<typeof n8nClient>;

/**
 * @param url an n8n's address, as `N8nServer.url`
 */
export function n8nClient(url: string) {
	const request = requester(url);
	return {
		url,
		request,
		...people(request),
		...credentials(request),
		...workflows(request),
		...executions(request),
	};
}

function people(request: Request) {
	const logIn = async ({ email, password }: Pick<Owner, 'email' | 'password'>) => {
		await request('POST', '/login', { emailOrLdapLoginId: email, password });
	};
	const isNew = async () => {
		const { userManagement } = await request<{
			userManagement: { showSetupOnFirstLoad: boolean };
		}>('GET', '/settings');
		return userManagement.showSetupOnFirstLoad;
	};
	return {
		logIn,
		/** Makes `owner` the owner of an n8n that has none, or logs in as them. */
		signIn: async (owner: Owner) => {
			if (await isNew()) await request('POST', '/owner/setup', owner);
			else await logIn(owner);
		},
	};
}

function credentials(request: Request) {
	return {
		listCredentials: async () => await request<StoredCredential[]>('GET', '/credentials'),
		/** With its data. n8n replaces each secret with a placeholder, and restores the secret when the placeholder comes back. */
		getCredential: async (id: string) =>
			await request<StoredCredential & Credential>('GET', `/credentials/${id}?includeData=true`),
		createCredential: async (credential: Credential) =>
			await request<StoredCredential>('POST', '/credentials', credential),
		updateCredential: async (id: string, credential: Credential) =>
			await request<StoredCredential>('PATCH', `/credentials/${id}`, credential),
		/** What the Test button of the credential's form shows. With the `id` of a stored credential, its secrets are used. */
		testCredential: async (credential: Credential & { id?: string }) =>
			await request<{ status: 'OK' | 'Error'; message: string }>('POST', '/credentials/test', {
				credentials: { id: '', ...credential },
			}),
	};
}
