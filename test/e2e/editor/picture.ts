import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';

const FOLDER = resolve(__dirname, '../../../docs/images');

/**
 * Keeps what the page shows as a picture for the docs, where that was asked for (`npm run screenshots`). Without it nothing
 * is written: that the test came this far says that the page can still be reached.
 *
 * @param part of the page, where not all of it is to be seen
 */
export async function picture(page: Page, name: string, part?: Locator): Promise<void> {
	if (process.env.UPDATE_SCREENSHOTS !== '1') return;
	await mkdir(FOLDER, { recursive: true });
	// Neither a focus ring, nor what shows under the pointer, nor a message that is about to go.
	await page.mouse.move(0, 0);
	await page.evaluate('document.activeElement?.blur()');
	await page.locator('.el-notification').first().waitFor({ state: 'detached' });
	await (part ?? page).screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
}
