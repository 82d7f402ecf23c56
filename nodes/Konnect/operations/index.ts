import { getPayment } from './getPayment';
import { initPayment } from './initPayment';
import type { Operation } from './operation';

/** The node's operations by the value that workflows save, in the order in which they are offered. */
export const OPERATIONS = { getPayment, initPayment } satisfies Record<string, Operation>;
