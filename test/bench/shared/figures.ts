/** @param share 0.5 for the median, 0.95 for what 95 of 100 values do not exceed */
export function quantile(values: number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	const position = share * (sorted.length - 1);
	const below = sorted[Math.floor(position)] ?? NaN;
	const above = sorted[Math.ceil(position)] ?? NaN;
	return below + (above - below) * (position % 1);
}

export const median = (values: number[]) => quantile(values, 0.5);

/** The median of the ratios of two series, round by round. */
export const ratioOf = (values: number[], others: number[]) =>
	median(values.map((value, round) => value / (others[round] ?? NaN)));

/** A target that this package has set itself, and whether a run has met it. */
export interface Target {
	what: string;
	wanted: string;
	measured: string;
	met: boolean;
}

export const atLeast = (what: string, least: number, measured: number): Target => ({
	what,
	wanted: `≥ ${least.toFixed(2)}`,
	measured: measured.toFixed(2),
	met: measured >= least,
});

export const atMost = (what: string, most: number, measured: number): Target => ({
	what,
	wanted: `≤ ${most.toFixed(2)}`,
	measured: measured.toFixed(2),
	met: measured <= most,
});

export const exactly = (what: string, wanted: number, measured: number): Target => ({
	what,
	wanted: String(wanted),
	measured: String(measured),
	met: measured === wanted,
});
