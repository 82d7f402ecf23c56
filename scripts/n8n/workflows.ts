import type { IConnections, IDataObject, INode, IWorkflowSettings } from 'n8n-workflow';
import { N8nRequestError, type Request } from './http';
import { poll } from './poll';

const PUBLISH_TIMEOUT_MS = 30_000;

export interface WorkflowJson {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	/** What its nodes keep between executions. */
	staticData?: IDataObject;
}

export interface StoredWorkflow extends WorkflowJson {
	id: string;
	active: boolean;
	versionId: string;
	isArchived?: boolean;
}

export function workflows(request: Request) {
	const getWorkflow = async (id: string) =>
		await request<StoredWorkflow>('GET', `/workflows/${id}`);
	return {
		getWorkflow,
		listWorkflows: async () => await request<StoredWorkflow[]>('GET', '/workflows'),
		createWorkflow: async (workflow: WorkflowJson) =>
			// n8n 2.0 stores a workflow only if it is told that the workflow is not active.
			await request<StoredWorkflow>('POST', '/workflows', {
				settings: {},
				active: false,
				...workflow,
			}),
		updateWorkflow: async (id: string, changes: Partial<WorkflowJson>) =>
			await request<StoredWorkflow>('PATCH', `/workflows/${id}`, {
				...changes,
				versionId: (await getWorkflow(id)).versionId,
			}),
		/** Publishes the workflow as it was last saved, and resolves when its production webhooks work. */
		publish: async (id: string) => {
			const { versionId } = await getWorkflow(id);
			const published = await request<StoredWorkflow>('POST', `/workflows/${id}/activate`, {
				versionId,
			});
			await publication(request, id);
			return published;
		},
		unpublish: async (id: string) => await request('POST', `/workflows/${id}/deactivate`),
		/**
		 * Runs the saved workflow as the editor's button does, from `trigger` on. When that trigger is a
		 * webhook, n8n listens at its test URL for a call instead of running, and no id is returned.
		 */
		runManually: async (id: string, trigger: string, lastNode?: string) => {
			const workflowData = await getWorkflow(id);
			const { executionId } = await request<{ executionId?: string }>(
				'POST',
				`/workflows/${id}/run`,
				{
					workflowData,
					triggerToStartFrom: { name: trigger },
					...(lastNode && { destinationNode: { nodeName: lastNode, mode: 'inclusive' } }),
				},
			);
			return executionId;
		},
	};
}

interface Publication {
	status: 'in_progress' | 'published' | 'partial' | 'failed' | 'not_published';
	triggers: Array<{ errorMessage: string | null }>;
}

/** n8n 2.41 registers webhooks in the background, after it has answered that it will. */
async function publication(request: Request, id: string): Promise<void> {
	const look = async () => {
		const { status, triggers } = await publicationStatus(request, id);
		// n8n reads in parallel whether it still publishes and what it has published. Just as it finishes, it may see neither.
		if (status === 'in_progress' || status === 'not_published') return undefined;
		if (status === 'published') return status;
		const reasons = triggers.map(({ errorMessage }) => errorMessage).filter(Boolean);
		throw new Error(`n8n could not publish workflow ${id} (${status}) ${reasons.join('; ')}`);
	};
	await poll(look, PUBLISH_TIMEOUT_MS, () => `n8n is still publishing workflow ${id}`);
}

async function publicationStatus(request: Request, id: string): Promise<Publication> {
	try {
		return await request<Publication>('GET', `/workflows/${id}/publication-status`);
	} catch (error) {
		// n8n 2.0 has no such address: there a workflow is published once it says so.
		if (error instanceof N8nRequestError && error.status === 404) {
			return { status: 'published', triggers: [] };
		}
		throw error;
	}
}
