import type { Locator, Page } from 'playwright-core';

import { poll } from '../../../scripts/n8n/poll';

const COPY_TIMEOUT_MS = 5_000;

/** n8n's editor as a person uses it: what is clicked, typed and read there. */
export type Editor = ReturnType<typeof editor>;

export function editor(page: Page) {
	return { page, ...canvas(page), ...fields(page), ...node(page), ...credential(page) };
}

function canvas(page: Page) {
	const found = page.getByTestId('node-creator-item-name');
	const search = async (words: string) => {
		await page.getByTestId('node-creator-search-bar').fill(words);
		return found;
	};
	return {
		newWorkflow: async () => {
			await page.goto('/workflow/new');
			await page.getByTestId('canvas-add-button').waitFor();
		},
		openWorkflow: async (id: string) => {
			await page.goto(`/workflow/${id}`);
			await page.getByTestId('canvas-node').first().waitFor();
		},
		openNodePanel: async () => await page.getByTestId('canvas-plus-button').click(),
		/** Searches the node panel. Gives the names that it finds. */
		search,
		/** Opens what the node panel says of Konnect: its triggers and its actions. */
		openKonnect: async () => await (await search('konnect')).getByText('Konnect').first().click(),
		openActions: async () => await page.getByText(/^Actions \(/).click(),
		/** Goes back to the search, and waits until the view of Konnect has disappeared. */
		leaveKonnect: async () => {
			await page.getByTestId('nodes-list-header').getByRole('button').first().click();
			await found.getByText('Init payment', { exact: true }).waitFor({ state: 'detached' });
		},
		/** Adds the node for one of the triggers or actions listed, and opens it. */
		add: async (name: string) => {
			await found.getByText(name, { exact: true }).click();
			await page.getByTestId('ndv').first().waitFor();
		},
		openNode: async (name: string) => {
			await page.getByTestId('canvas-node').filter({ hasText: name }).first().dblclick();
			await page.getByTestId('ndv').first().waitFor();
		},
		closeNode: async () => await page.getByTestId('ndv-close-button').click(),
	};
}

/** Fields, by their names in saved workflows. */
function fields(page: Page) {
	const field = (name: string) => page.getByTestId(`parameter-input-${name}`);
	return {
		field,
		type: async (name: string, text: string) =>
			await field(name).locator('input, textarea').first().fill(text),
		choose: async (name: string, option: string) => {
			await field(name).click();
			await shown(page.getByRole('option', { name: option })).click();
		},
		/** Adds a field to a collection. `place` is the index of the collection in the node. */
		addField: async (label: string, place = 0) => {
			await page.getByTestId('collection-parameter-add').nth(place).click();
			await shown(page.getByRole('option', { name: label, exact: true })).click();
		},
	};
}

/** The opened node. */
function node(page: Page) {
	const output = page.getByTestId('output-panel');
	return {
		output,
		execute: async () => await page.getByTestId('node-execute-button').click(),
		/** Waits for the output, and reads the first cell of a column of its table. */
		outputOf: async (column: string) => {
			await output.getByTestId('radio-button-table').click();
			const heads = output.locator('th');
			await heads.filter({ hasText: new RegExp(`^\\s*${column}\\s*$`) }).waitFor();
			const names = (await heads.allInnerTexts()).map((name) => name.trim());
			const cells = output.locator('tbody tr').first().locator('td');
			return (await cells.nth(names.indexOf(column)).innerText()).trim();
		},
		/** Copies one of the trigger's addresses as people do, by a click on it. */
		copyUrl: async (which: 'Test' | 'Production') => {
			const tab = page.getByTestId(`radio-button-${which.toLowerCase()}`);
			if (!(await tab.isVisible())) await page.getByText('Webhook URLs', { exact: true }).click();
			await tab.click();
			await page.evaluate("navigator.clipboard.writeText('')");
			await page.getByText(which === 'Test' ? '/webhook-test/' : '/webhook/').click();
			// The click does not wait until the browser has written to the clipboard.
			const copied = async () => String(await page.evaluate('navigator.clipboard.readText()'));
			return await poll(
				async () => (await copied()) || undefined,
				COPY_TIMEOUT_MS,
				() => `n8n does not copy the ${which} URL`,
			);
		},
	};
}

function credential(page: Page) {
	return {
		createCredential: async () => {
			await page.getByTestId('node-credentials-select').click();
			await shown(page.getByText('Create new credential')).click();
			await page.getByTestId('credential-save-button').waitFor();
		},
		/** n8n tests a credential when it is saved. */
		save: async () => await page.getByTestId('credential-save-button').click(),
		openCredential: async () => await page.getByTestId('credential-edit-button').click(),
		closeCredential: async () =>
			await shown(page.getByRole('button', { name: 'Close this dialog' })).click(),
	};
}

/** The one that is visible. n8n keeps hidden lists and dialogs in the page. */
const shown = (locator: Locator): Locator => locator.filter({ visible: true }).first();
