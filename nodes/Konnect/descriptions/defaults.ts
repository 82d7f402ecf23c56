// What holds where the user has set nothing. Apart from the fields, which are not needed where operations run.

/** Seconds for one answer of Konnect. */
export const DEFAULT_TIMEOUT = 30;

/** Seconds for a call of the trigger's webhook, all that it waits for included. */
export const DEFAULT_CALL_TIMEOUT = 10;

/** Minutes for which a call of the trigger's webhook looks on after its answer. */
export const DEFAULT_KEEP_LOOKING = 10;

/** Items at once, by operation. */
export const DEFAULT_CONCURRENCY = { getPayment: 5, initPayment: 3, waitForPayment: 5 } as const;
