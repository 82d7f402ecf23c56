import { shownFor, tableOf } from './fields';
import * as getPayment from './getPayment';
import * as initPayment from './initPayment';
import { fields as triggerFields } from './trigger';
import * as waitForPayment from './waitForPayment';

// Built into a file of its own: the nodes show these fields, and the code behind them reads the same labels and choices.

export { DEFAULT_CALL_TIMEOUT } from './trigger';
export { triggerFields };

const done = async () => await Promise.resolve(true);

/** Konnect is told with each payment whom to call, so there is nothing to register. n8n asks for the methods all the same. */
export const NOTHING_TO_REGISTER = {
	default: { checkExists: done, create: done, delete: done },
};

/** The operations, in the order in which they are offered. */
export const OFFERED = [initPayment, getPayment, waitForPayment].map(({ option, fields }) => ({
	option,
	fields: shownFor(option, fields),
}));

/** What the user sees of the fields, for each operation and the trigger. */
export const TABLES = {
	getPayment: tableOf(getPayment.fields),
	initPayment: tableOf(initPayment.fields),
	waitForPayment: tableOf(waitForPayment.fields),
	trigger: tableOf(triggerFields),
};
