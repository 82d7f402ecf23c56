import { chromium, type Browser } from 'playwright-core';
import { findChromium } from '../../../scripts/services/programs';

/** A Chromium that runs without a sandbox of its own, as in containers, and looks nothing up by itself. */
export async function openBrowser(): Promise<Browser> {
	return await chromium.launch({
		executablePath: findChromium(),
		args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-quic'],
	});
}
