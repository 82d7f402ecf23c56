import type { TopLevelSpec } from 'vega-lite';

/** Of the series, in their order. */
const COLORS = ['#8b949e', '#1f9d6b', '#c9822b', '#5b8def'];

/** Colours of text follow the reader's theme, and so does what is behind it. */
const STYLE =
	'<style>svg{color:#1f2328;background:#fff}' +
	'@media(prefers-color-scheme:dark){svg{color:#e6edf3;background:#0d1117}}</style>';

export interface Bar {
	label: string;
	series: string;
	value: number;
}

const color = {
	field: 'series',
	sort: null,
	scale: { range: COLORS },
	legend: { title: null, orient: 'top' },
} as const;

/** Horizontal bars with their values, those of one label side by side. */
export function bars(title: string, values: Bar[], format = '.1f') {
	const axis = { labelLimit: 300, labelPadding: 6 };
	return {
		title: { text: title, anchor: 'start' },
		width: 420,
		height: { step: 15 },
		data: { values },
		encoding: {
			y: { field: 'label', type: 'nominal', sort: null, title: null, axis },
			yOffset: { field: 'series', sort: null },
			x: { field: 'value', type: 'quantitative', title: null },
		},
		layer: [
			{ mark: { type: 'bar' }, encoding: { color } },
			{
				mark: { type: 'text', align: 'left', dx: 4, color: 'currentColor' },
				encoding: { text: { field: 'value', format } },
			},
		],
	};
}

export interface Point {
	x: number;
	y: number;
	series: string;
}

/** Lines, over logarithmic scales unless told otherwise. */
export function lines(
	title: string,
	xTitle: string,
	values: Point[],
	scales: { x: 'log' | 'linear'; y: 'log' | 'linear' } = { x: 'log', y: 'log' },
) {
	return {
		title: { text: title, anchor: 'start' },
		width: 420,
		height: 180,
		data: { values },
		mark: { type: 'line', point: values.length < 50 },
		encoding: {
			x: { field: 'x', type: 'quantitative', title: xTitle, scale: { type: scales.x } },
			y: { field: 'y', type: 'quantitative', title: null, scale: { type: scales.y } },
			color,
		},
	};
}

/** Panels below each other, as SVG. */
export async function svgOf(panels: object[]): Promise<string> {
	// Both are ES modules that CommonJS cannot require.
	const { compile } = await import('vega-lite');
	const { parse, View } = await import('vega');
	const text = { labelColor: 'currentColor', titleColor: 'currentColor' };
	const spec = {
		background: 'transparent',
		padding: 12,
		vconcat: panels,
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
