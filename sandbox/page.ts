import { html, raw } from 'hono/html';

/** A piece of escaped HTML, as hono's `html` makes it. */
export type Html = ReturnType<typeof html>;

const CSS = `
:root { font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 80rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
input, select, button { font: inherit; max-width: 100%; padding: .4rem; }
label { display: block; }
.amount { font-size: 2rem; font-weight: bold; margin: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { text-align: start; vertical-align: top; padding: .25rem .75rem .25rem 0; border-top: 1px solid; }
.calls th, .calls td { white-space: nowrap; }
`;

/** A whole page. Nothing in it needs JavaScript or loads anything. */
export const page = (title: string, content: Html): Html =>
	html`<!doctype html>
		<html lang="en">
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<title>${title} - Konnect sandbox</title>
				<style>
					${raw(CSS)}
				</style>
			</head>
			<body>
				<main>
					<p><strong>This is a sandbox: no money moves.</strong></p>
					${content}
				</main>
			</body>
		</html>`;
