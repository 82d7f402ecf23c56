import { selectors, type Browser, type Page } from 'playwright-core';

import { OWNER } from '../harness';

/** The editor is large, and the first page of a test waits until the machine has loaded it. */
const PATIENCE_MS = 90_000;

export const SIZE = { width: 1120, height: 700 };

/** The attribute with which n8n's editor marks its parts. */
selectors.setTestIdAttribute('data-test-id');

/** A page on which the owner of the tests' n8n is signed in, and where the clipboard can be read. */
export async function signIn(browser: Browser, url: string, locale = 'en-US'): Promise<Page> {
	const context = await browser.newContext({
		viewport: SIZE,
		locale,
		permissions: ['clipboard-read', 'clipboard-write'],
		reducedMotion: 'reduce',
		baseURL: url,
	});
	context.setDefaultTimeout(PATIENCE_MS);
	const page = await context.newPage();
	await page.goto('/signin');
	await page.getByLabel('Email').fill(OWNER.email);
	await page.getByLabel('Password').fill(OWNER.password);
	await page.getByTestId('form-submit-button').click();
	await page.waitForURL((address) => !address.pathname.includes('signin'));
	return page;
}
