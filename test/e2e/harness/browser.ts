import { chromium, type Browser } from 'playwright-core';
import { findInstalled } from '../../../scripts/services/programs';

/** What a person's browser sends. n8n's *Ignore Bots* takes "HeadlessChrome" and "node-fetch" for programs. */
export const USER_AGENT =
	'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** A Chromium that runs without its own sandbox, as in containers, and makes no requests by itself. */
export async function openBrowser(): Promise<Browser> {
	return await chromium.launch({
		executablePath: findInstalled('chromium'),
		args: [
			...['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-quic'],
			`--user-agent=${USER_AGENT}`,
		],
	});
}
