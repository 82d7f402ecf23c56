import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { Item } from './item';

/** What earlier tries of the same run have done for an item. */
export interface Made {
	/** The item's output. If it is there, the payment is made. */
	output?: IDataObject;
	/** A try got no clear answer, so Konnect may hold a payment whose link nobody has seen. */
	isInDoubt?: boolean;
}

/** By n8n's wrappers of input items. Each run of the node and each call of a tool has new ones, and all tries of a run share them. */
const MADE = new WeakMap<INodeExecutionData, Made>();

/**
 * What this run has made for an item so far. The current try writes into it. n8n's Retry On Fail runs all items again, but a
 * payment that is made must not be made again, whatever the item's expressions give now. n8n's Retry of a failed execution is
 * another execution, and starts afresh.
 */
export function madeBefore({ wrapper }: Item): Made {
	const made = MADE.get(wrapper) ?? {};
	MADE.set(wrapper, made);
	return made;
}
