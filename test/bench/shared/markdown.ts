import { cpus, totalmem } from 'node:os';
import { table } from '../../../scripts/docs/table';
import { median, type Target } from './figures';

export { table };

/** The median with the lowest and the highest. */
export const spread = (values: number[], digits = 1) =>
	values.length === 1
		? median(values).toFixed(digits)
		: `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`;

export const targetTable = (targets: Target[]) =>
	table(
		['', 'Target', 'Measured', ''],
		targets.map(({ what, wanted, measured, met }) => [
			what,
			wanted,
			measured,
			met ? 'met' : '**missed**',
		]),
	);

/** The machine, in words. */
export function machine(): string {
	const [cpu] = cpus();
	const memory = Math.round(totalmem() / 2 ** 30);
	return `${cpus().length} CPUs (${cpu?.model.trim()}), ${memory} GB, ${process.platform}`;
}
