import type { Language, PageTopic } from './pageTexts';
import { NOTES, PAGE_TEXTS, PAY_LINK_TEXTS } from './pageTexts';

const MARKS: Partial<Record<PageTopic, [mark: string, tone: string]>> = {
	paid: ['✓', 'good'],
	received: ['✓', 'good'],
	partiallyPaid: ['✓', 'good'],
	attemptFailed: ['!', 'bad'],
	expired: ['!', 'bad'],
	badAddress: ['!', 'bad'],
};

const STYLE = `:root{color-scheme:light dark;--ink:#1c2330;--soft:#4b5566;--page:#f3f5f9;--card:#fff;--wait:#1a4bd6;--good:#0b6b3c;--bad:#9c2b16}
@media(prefers-color-scheme:dark){:root{--ink:#eef1f7;--soft:#b6bfce;--page:#12161f;--card:#1c2230;--wait:#9db4ff;--good:#5fd99a;--bad:#ff9c86}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;background:var(--page);color:var(--ink);font:1.0625rem/1.5 system-ui,sans-serif}
main{width:100%;max-width:26rem;padding:2rem 1.5rem;border-radius:1rem;background:var(--card);text-align:center}
.mark{position:relative;display:inline-block;width:3.5rem;height:3.5rem;border:3px solid;border-radius:50%;font:700 2rem/3.125rem system-ui,sans-serif;color:var(--wait)}
.busy{border-color:color-mix(in srgb,var(--wait) 25%,transparent)}.busy::after{content:"";position:absolute;inset:-3px;border:3px solid transparent;border-top-color:var(--wait);border-radius:50%;animation:turn 1.2s linear infinite}@keyframes turn{to{transform:rotate(1turn)}}
@media(prefers-reduced-motion:reduce){.busy::after{animation:none}}
.good{color:var(--good)}.bad{color:var(--bad)}h1{margin:1rem 0 .5rem;font-size:1.375rem;line-height:1.3}p{margin:0;color:var(--soft)}
a{display:inline-block;margin-top:1.25rem;padding:.7rem 1.5rem;border:1px solid;border-radius:.5rem;font-weight:700;color:var(--wait);text-decoration:none}`;

interface PageOptions {
	language: Language;
	asksAgain: boolean;
	isWatched: boolean;
	payUrl?: string | undefined;
}

/**
 * The page for a payer whose browser Konnect has sent to the webhook: small, without script, without anything from outside, and
 * without anything of what the browser sent.
 */
export function renderPage(
	topic: PageTopic,
	{ language, asksAgain, isWatched, payUrl }: PageOptions,
): string {
	const [heading, text] = PAGE_TEXTS[topic][language].split(' | ');
	const [mark, tone] = MARKS[topic] ?? ['…', asksAgain ? 'busy' : ''];
	const linkText = payUrl && PAY_LINK_TEXTS[topic]?.[language];
	const link = linkText ? `<a href="${escaped(payUrl)}">${linkText}</a>` : '';
	// A topic with such a link is one after which the payer may try again.
	const note = PAY_LINK_TEXTS[topic] ? 'justTried' : isWatched ? 'mayClose' : 'keepOpen';
	const isTold = topic === 'received' && isWatched;
	const more = asksAgain && !isTold ? ` ${NOTES[note][language]}` : '';
	return `<!doctype html>
<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>${heading}</title><style>${STYLE}</style></head>
<body><main><span class="mark ${tone}" aria-hidden="true">${mark}</span><h1>${heading}</h1><p>${text}${more}</p>${link}</main></body>
</html>`;
}

const escaped = (text: string) => text.replace(/[&"<>]/g, (sign) => ENTITIES[sign] ?? '');

const ENTITIES: Record<string, string> = { '&': '&amp;', '"': '&quot;', '<': '&lt;', '>': '&gt;' };
