import { LANGUAGES, PAGE_TEXTS, type PageTopic } from '../../../nodes/Konnect/webhook/pageTexts';

const textOf = (topic: PageTopic, language: (typeof LANGUAGES)[number]) =>
	PAGE_TEXTS[topic][language];

const TOPICS = Object.keys(PAGE_TEXTS) as PageTopic[];

const NOT_AGAIN = {
	en: /do not pay a second time/i,
	fr: /ne payez pas une deuxième fois/i,
	ar: /لا تدفع مرة ثانية/,
};

describe('what a payer is told', () => {
	it.each<PageTopic>(['confirming', 'pending', 'unconfirmed'])(
		'while a payment may still settle is not to pay again: "%s"',
		(topic) => {
			for (const language of LANGUAGES) {
				expect(textOf(topic, language)).toMatch(NOT_AGAIN[language]);
			}
		},
	);

	it('invites to pay only after a failed attempt, or for the rest of a payment', () => {
		const invites = {
			en: /can (try again|be paid)/,
			fr: /(pouvez réessayer|peut être payé)/,
			ar: /يمكن(ك المحاولة| دفع)/,
		};
		for (const language of LANGUAGES) {
			const inviting = TOPICS.filter((topic) => invites[language].test(textOf(topic, language)));
			expect(inviting).toEqual(['partiallyPaid', 'attemptFailed']);
		}
	});

	it('does not break before a colon in French', () => {
		expect(TOPICS.filter((topic) => / [:;?!]/.test(textOf(topic, 'fr')))).toEqual([]);
	});
});
