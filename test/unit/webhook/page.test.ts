import { languageOf, renderPage } from '../../../nodes/Konnect/webhook/page';
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

	it.each<[PageTopic, string, string]>([
		['paid', 'good', '✓'],
		['partiallyPaid', 'good', '✓'],
		['attemptFailed', 'bad', '!'],
		['expired', 'bad', '!'],
		['badAddress', 'bad', '!'],
		['pending', '', '…'],
		['confirming', '', '…'],
		['unconfirmed', '', '…'],
	])('says by its mark how it stands: %s', (topic, tone, mark) => {
		expect(markOf(topic)).toEqual([tone, mark]);
	});

	it('shows that it asks again', () => {
		expect(markOf('confirming', true)).toEqual(['busy', '…']);
	});
});

it('says that it may be closed only where a watch looks on', () => {
	const page = (isWatched: boolean) =>
		renderPage('confirming', { language: 'en', asksAgain: true, isWatched });
	expect(page(true)).toContain(NOTES.mayClose.en);
	expect(page(false)).toContain(NOTES.keepOpen.en);
	expect(page(false)).not.toContain(NOTES.mayClose.en);
});

describe('the language of a page', () => {
	it.each([
		['fr', 'fr'],
		['FR-tn', 'fr'],
		['de, ar', 'ar'],
		['en;q=0.5, ar;q=0.6', 'ar'],
		['en;q=0.5,fr; q=0.6', 'fr'],
		['fr;level=1;q=0.1, ar;q=0.2', 'ar'],
		['ar;q=0.9, fr', 'fr'],
		['fr;q=0', 'en'],
		['fr;q=0, ar;q=0.1', 'ar'],
		['fr;q=x', 'fr'],
		['fr;q=0x', 'fr'],
		['french', 'en'],
		['', 'en'],
		[`${'x,'.repeat(250)}fr`, 'en'],
		[`${'x,'.repeat(249)}fr`, 'fr'],
		[undefined, 'en'],
		[['fr'], 'en'],
	])('for %j is %s', (accepted, language) => {
		expect(languageOf(accepted)).toBe(language);
	});
});
