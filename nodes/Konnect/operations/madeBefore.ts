import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Item } from './item';

/** What earlier tries of the same run have done for an item. */
interface Made {
	/** The item's output. If it is there, the payment is made. */
	output?: IDataObject;
	/** A try got no clear answer, so Konnect may hold a payment whose link nobody has seen. */
	isInDoubt?: boolean;
}

/** One run of the node in one execution, with what it made for each item. */
interface NodeRun {
	execution: string;
	run: number;
	items: Record<number, Made>;
}

/** Kept for all items of a try, because n8n evaluates an expression to look the run up. */
const runs = new WeakMap<IExecuteFunctions, NodeRun>();

/**
 * What this run has made for an item so far. The current try writes into it. n8n's Retry On Fail runs all items again, but a
 * payment that is made must not be made again, whatever the item's expressions give now. n8n's Retry of a failed execution is
 * another execution, and starts afresh.
 */
export function madeBefore({ context, index }: Item): Made {
	const run = runs.get(context) ?? runOf(context);
	runs.set(context, run);
	return (run.items[index] ??= {});
}

function runOf(context: IExecuteFunctions): NodeRun {
	const run = Number(context.evaluateExpression('{{ $runIndex }}', 0));
	const execution = context.getExecutionId();
	const memory = context.getContext('node') as { made?: NodeRun };
	if (memory.made?.run !== run || memory.made.execution !== execution) {
		memory.made = { execution, run, items: {} };
	}
	return memory.made;
}
