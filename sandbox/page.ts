import { html, raw } from 'hono/html';
import type { Language } from './payTexts';

/** A piece of escaped HTML, as hono's `html` makes it. */
export type Html = ReturnType<typeof html>;

/** `auto` follows the reader's system. */
export type Theme = 'light' | 'dark' | 'auto';

// Text on its background keeps a contrast of 4.5 to 1 at least, and borders of fields 3 to 1.
const LIGHT = `color-scheme: light; --page: #f3f4f6; --card: #fff; --text: #1a1c21;
	--soft: #50555f; --line: #767c88; --rule: #dcdfe4; --accent: #0b57c9; --on-accent: #fff;
	--bad: #a8121c; --good: #0c6b33; --note: #fff4d1; --on-note: #533f00;`;
const DARK = `color-scheme: dark; --page: #14161a; --card: #1f2228; --text: #eceef2;
	--soft: #b0b6c1; --line: #8a919e; --rule: #3a3f48; --accent: #8ab8ff; --on-accent: #0b1f3f;
	--bad: #ff9d9d; --good: #7ddba2; --note: #3b3110; --on-note: #ffe9a8;`;

const CSS = `
:root { ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
:root[data-theme='light'] { ${LIGHT} }
:root[data-theme='dark'] { ${DARK} }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 30rem; margin: 0 auto; padding: 1rem; }
main.wide { max-width: 80rem; }
h1, .amount { overflow-wrap: anywhere; }
h1 { font-size: 1.15rem; margin: 0 0 .25rem; }
h2 { font-size: 1rem; margin: 0 0 .5rem; }
p { margin: 0 0 .5rem; overflow-wrap: anywhere; }
.amount { font-size: 2rem; font-weight: 700; line-height: 1.2; }
.soft { color: var(--soft); }
.good { color: var(--good); }
.bad, .error { color: var(--bad); }
.error { margin: .25rem 0 0; font-weight: 600; }
.banner { background: var(--note); color: var(--on-note); border-radius: .5rem;
	padding: .5rem .75rem; margin-bottom: 1rem; }
.box { background: var(--card); border: 1px solid var(--rule); border-radius: .75rem;
	padding: 1rem; margin-bottom: 1rem; }
label { display: block; font-weight: 600; margin-top: .75rem; }
.hint { font-weight: 400; color: var(--soft); }
input, select { width: 100%; min-height: 2.75rem; margin-top: .25rem; padding: .5rem .75rem; font: inherit;
	color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
input[type='checkbox'] { width: 2.75rem; }
input[aria-invalid] { border: 2px solid var(--bad); }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 .75rem; }
bdi[dir='ltr'] { white-space: nowrap; }
.pair .hint { display: block; }
button { display: block; width: 100%; min-height: 3rem; margin-top: 1.25rem; padding: .6rem 1rem;
	font: inherit; font-weight: 700; color: var(--on-accent); background: var(--accent); border: 0;
	border-radius: .5rem; cursor: pointer; }
button.second { color: var(--accent); background: none; border: 1px solid var(--accent); }
.fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); gap: 0 1rem; }
.fields > div { display: flex; flex-direction: column; justify-content: space-between; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.cards { list-style: none; margin: 0; padding: 0; }
.cards li { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center;
	gap: 0 1rem; padding: .5rem 0; border-top: 1px solid var(--rule); }
.cards a { padding: .6rem 0; }
code, .number { font-family: ui-monospace, monospace; font-size: .9rem; white-space: nowrap; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th, td { text-align: start; vertical-align: top; padding: .4rem 0; padding-inline-end: .75rem;
	border-top: 1px solid var(--rule); }
td { white-space: nowrap; }
td.long { white-space: normal; overflow-wrap: anywhere; min-width: 12rem; }
`;

const attributes = (theme: Theme) => (theme === 'auto' ? '' : raw(` data-theme="${theme}"`));

interface PageOptions {
	title: string;
	theme?: Theme;
	language?: Language;
	wide?: boolean;
}

/** A whole page. Nothing in it needs JavaScript or loads anything. */
export const page = (
	{ title, theme = 'auto', language = 'en', wide = false }: PageOptions,
	content: Html,
): Html =>
	html`<!doctype html>
		<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}" ${attributes(theme)}>
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="robots" content="noindex" />
				<title>${title}</title>
				<style>
					${raw(CSS)}
				</style>
			</head>
			<body>
				<main class="${wide ? 'wide' : 'narrow'}">${content}</main>
			</body>
		</html>`;
