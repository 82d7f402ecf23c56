import AxeBuilder from '@axe-core/playwright';
import type { BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';

import { openBrowser } from './browser';
import { opened } from './hooks';

const PHONE = { width: 360, height: 740 };

export const SCHEMES = ['light', 'dark'] as const;

const browser = opened(openBrowser);

/** Runs a test with a page as wide as a small phone. */
export async function onPhone(
	options: BrowserContextOptions,
	test: (page: Page, context: BrowserContext) => Promise<void>,
): Promise<void> {
	const context = await browser().newContext({ viewport: PHONE, ...options });
	try {
		await test(await context.newPage(), context);
	} finally {
		await context.close();
	}
}

/** What axe finds, in one readable line each. */
export async function violationsOn(page: Page): Promise<string[]> {
	// Legacy mode needs no helper page. Only frames of other origins would need one, and these pages have no frames.
	const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
	return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

export const fitsItsWidth = async (page: Page) =>
	await page.evaluate<boolean>(
		'document.documentElement.scrollWidth <= document.documentElement.clientWidth',
	);

/** The animations and transitions of all elements, and of their `::before` and `::after`. */
export const movesOn = async (page: Page) =>
	await page.evaluate<string[]>(`
		[...document.querySelectorAll('*')]
			.flatMap((element) => ['', '::before', '::after'].map((part) => getComputedStyle(element, part)))
			.filter((style) => style.animationName !== 'none' || style.transitionDuration !== '0s')
			.map((style) => style.animationName + ' ' + style.transitionDuration)
	`);

/** A property of an element as the browser shows it. */
export const styleOf = async (element: Locator, property: string) =>
	await element.evaluate(
		(node, name) => node.ownerDocument.defaultView.getComputedStyle(node)[name] as string,
		property,
	);
