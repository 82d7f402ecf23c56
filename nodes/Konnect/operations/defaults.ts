/** What holds where the user has set nothing. Apart from the fields, which are not needed where operations run. */
export const DEFAULTS = {
	/** Seconds for one answer of Konnect. */
	timeout: 30,
	/** Seconds for a call of the trigger's webhook, all that it waits for included. */
	callTimeout: 20,
	/** Items at once. */
	concurrency: { getPayment: 5, initPayment: 3, waitForPayment: 5 },
} as const;
