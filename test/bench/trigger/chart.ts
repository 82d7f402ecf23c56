import { bars, svgOf, type Bar } from '../shared/chart';
import { median } from '../shared/figures';
import { type Mode, type Results } from './figures';
import { NAMES } from './report';

const SERIES: Record<Mode, string> = { default: "n8n's default", lazy: 'lazy acquisition' };

const good = (results: Results): Bar[] =>
	barsOf(results, ({ id, good }) => [[NAMES[id], good[20].perSecond]]);

const forged = (results: Results): Bar[] =>
	barsOf(results, ({ id, forged }) =>
		Object.entries(forged).map(([kind, { perSecond }]) => [`${NAMES[id]}: ${kind}`, perSecond]),
	);

function barsOf(
	results: Results,
	rowsOf: (result: Results[Mode][number]) => Array<[string, number[]]>,
): Bar[] {
	return (['default', 'lazy'] as const).flatMap((mode) =>
		results[mode].flatMap((result) =>
			rowsOf(result).map(([label, values]) => ({
				label,
				series: SERIES[mode],
				value: Math.round(median(values) * 10) / 10,
			})),
		),
	);
}

/** The chart of a run, as SVG. */
export const chartOf = async (results: Results): Promise<string> =>
	await svgOf([
		bars('Good calls, 20 at once: executions per second', good(results)),
		bars('Forged calls, 20 at once: answers per second', forged(results)),
	]);
