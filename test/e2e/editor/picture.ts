import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';

const FOLDER = resolve(__dirname, '../../../docs/images');

/**
 * Saves what the page shows as a picture for the docs, but only in `npm run screenshots`. Otherwise nothing is written: that the
 * test came this far shows that the page can still be reached.
 *
 * @param part the part of the page to show, if not all of it
 */
export async function picture(page: Page, name: string, part?: Locator): Promise<void> {
	if (process.env.UPDATE_SCREENSHOTS !== '1') return;
	await mkdir(FOLDER, { recursive: true });
	// No focus ring, nothing that shows under the pointer, and no message that is about to disappear.
	await page.mouse.move(0, 0);
	await page.evaluate('document.activeElement?.blur()');
	await page.locator('.el-notification').first().waitFor({ state: 'detached' });
	await (part ?? page).screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
}
