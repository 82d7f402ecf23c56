import { chromium, type Browser } from 'playwright-core';
import { findInstalled } from '../../../scripts/services/programs';

/** What a person's browser sends. By "HeadlessChrome" and "node-fetch", n8n's *Ignore Bots* knows a program. */
export const USER_AGENT =
	'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** A Chromium that runs without a sandbox of its own, as in containers, and looks nothing up by itself. */
export async function openBrowser(): Promise<Browser> {
	return await chromium.launch({
		executablePath: findInstalled('chromium'),
		args: [
			...['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-quic'],
			`--user-agent=${USER_AGENT}`,
		],
	});
}
