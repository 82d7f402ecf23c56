import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Item } from './item';

/** What earlier tries of the same run came to for an item. */
interface Made {
	/** What was put out for it: the payment is made. */
	output?: IDataObject;
	/** A try got no clear answer, so Konnect may hold a payment whose link nobody has seen. */
	isInDoubt?: boolean;
}

/** Of one run of the node in one execution, by item. */
interface NodeRun {
	execution: string;
	run: number;
	items: Record<number, Made>;
}

/** Looked up once for all items of a try: n8n evaluates an expression for it. */
const runs = new WeakMap<IExecuteFunctions, NodeRun>();

/**
 * What this run has made for an item so far; to be written to by this try. n8n's Retry On Fail runs all items again, and those whose
 * payment is made must not be made again, whatever their expressions give now. n8n's own Retry of a failed execution is another
 * execution, and starts afresh.
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
