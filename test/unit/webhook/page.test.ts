import { renderPage } from '../../../nodes/Konnect/webhook/page';
import type { PageTopic } from '../../../nodes/Konnect/webhook/pageTexts';
import { LANGUAGES, NOTES, PAGE_TEXTS } from '../../../nodes/Konnect/webhook/pageTexts';

const markOf = (topic: PageTopic, isBusy = false) =>
	/<span class="mark ([^"]*)" aria-hidden="true">(.)<\/span>/
		.exec(renderPage(topic, { language: 'en', asksAgain: isBusy, isWatched: false }))
		?.slice(1);

describe('the page', () => {
	it.each(LANGUAGES)('has a heading and a text for every topic in %s', (language) => {
		for (const topic of Object.keys(PAGE_TEXTS) as PageTopic[]) {
			const [heading, text] = PAGE_TEXTS[topic][language].split(' | ');
			expect(heading && text).not.toBe('');
			const page = renderPage(topic, { language, asksAgain: false, isWatched: false });
			expect(page).toContain(`<title>${heading}</title><style>:root{color-scheme:light dark;`);
			expect(page).toContain(`<h1>${heading}</h1><p>${text}</p>`);
			expect(page).toContain(
				`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`,
			);
		}
	});

	it.each<[PageTopic, string, string, boolean?]>([
		['paid', 'good', '✓'],
		['partiallyPaid', 'good', '✓'],
		['attemptFailed', 'bad', '!'],
		['expired', 'bad', '!'],
		['badAddress', 'bad', '!'],
		['pending', '', '…'],
		['confirming', '', '…'],
		['unconfirmed', '', '…'],
		['confirming', 'busy', '…', true],
	])('says by its mark how it stands: %s', (topic, tone, mark, asksAgain = false) => {
		expect(markOf(topic, asksAgain)).toEqual([tone, mark]);
	});
});

it('says that it may be closed only where a watch keeps looking', () => {
	const page = (isWatched: boolean) =>
		renderPage('confirming', { language: 'en', asksAgain: true, isWatched });
	expect(page(true)).toContain(NOTES.mayClose.en);
	expect(page(false)).toContain(NOTES.keepOpen.en);
	expect(page(false)).not.toContain(NOTES.mayClose.en);
});
