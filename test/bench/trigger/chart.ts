import type { TopLevelSpec } from 'vega-lite';
import { NAMES } from './report';
import { median, type Mode, type Results } from './figures';

const SERIES: Record<Mode, string> = { default: "n8n's default", lazy: 'lazy acquisition' };
const COLORS = ['#8b949e', '#1f9d6b'];

/** Colours of text follow the reader's theme, and so does what is behind it. */
const STYLE =
	'<style>svg{color:#1f2328;background:#fff}' +
	'@media(prefers-color-scheme:dark){svg{color:#e6edf3;background:#0d1117}}</style>';

interface Bar {
	contender: string;
	mode: string;
	value: number;
}

const good = (results: Results): Bar[] =>
	bars(results, ({ id, good }) => [[NAMES[id], good[20].perSecond]]);

const forged = (results: Results): Bar[] =>
	bars(results, ({ id, forged }) =>
		Object.entries(forged).map(([kind, { perSecond }]) => [`${NAMES[id]}: ${kind}`, perSecond]),
	);

function bars(
	results: Results,
	rowsOf: (result: Results[Mode][number]) => Array<[string, number[]]>,
): Bar[] {
	return (['default', 'lazy'] as const).flatMap((mode) =>
		results[mode].flatMap((result) =>
			rowsOf(result).map(([contender, values]) => ({
				contender,
				mode: SERIES[mode],
				value: Math.round(median(values) * 10) / 10,
			})),
		),
	);
}

function panel(title: string, values: Bar[]) {
	const axis = { labelLimit: 300, labelPadding: 6 };
	const y = { field: 'contender', type: 'nominal', sort: null, title: null, axis } as const;
	const yOffset = { field: 'mode', sort: null } as const;
	const x = { field: 'value', type: 'quantitative', title: null } as const;
	return {
		title: { text: title, anchor: 'start' },
		width: 420,
		height: { step: 15 },
		data: { values },
		encoding: { y, yOffset, x },
		layer: [
			{
				mark: { type: 'bar' },
				encoding: {
					color: {
						field: 'mode',
						sort: null,
						scale: { range: COLORS },
						legend: { title: null, orient: 'top' },
					},
				},
			},
			{
				mark: { type: 'text', align: 'left', dx: 4, color: 'currentColor' },
				encoding: { text: { field: 'value', format: '.1f' } },
			},
		],
	} as const;
}

/** The chart of a run, as SVG. */
export async function chartOf(results: Results): Promise<string> {
	// Both are ES modules that CommonJS cannot require.
	const { compile } = await import('vega-lite');
	const { parse, View } = await import('vega');
	const text = { labelColor: 'currentColor', titleColor: 'currentColor' };
	const spec = {
		background: 'transparent',
		padding: 12,
		vconcat: [
			panel('Good calls, 20 at once: executions per second', good(results)),
			panel('Forged calls, 20 at once: answers per second', forged(results)),
		],
		config: {
			axis: { ...text, domain: false, ticks: false, gridOpacity: 0.25 },
			legend: text,
			title: { color: 'currentColor' },
			view: { stroke: null },
		},
	} as unknown as TopLevelSpec;
	const svg = await new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG();
	return `${svg.replace(/^<svg[^>]*>/, (root) => root + STYLE)}\n`;
}
