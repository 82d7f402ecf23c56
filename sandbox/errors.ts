/** One entry of Konnect's error envelope. */
export interface ApiError {
	code: string;
	target: 'common' | 'field';
	message: string;
	source?: { field?: string };
}

/** What the API answers, before any fault. */
export interface ApiAnswer {
	status: number;
	body: unknown;
	headers?: Record<string, string>;
	/** The payment the answer is about, for the request log. */
	paymentRef?: string;
}

export const failure = (
	status: number,
	errors: ApiError[],
	headers?: Record<string, string>,
): ApiAnswer => ({ status, body: { errors }, headers });

const common = (code: string, message: string): ApiError => ({ code, target: 'common', message });

export const fieldError = (field: string, message: string): ApiError => ({
	code: 'is_invalid',
	target: 'field',
	message,
	source: { field },
});

export const invalidKey = () =>
	failure(401, [common('AUTHENTICATE_TOKEN_INVALID', 'Error: Invalid Api Key')]);

export const organisationNotValidated = () =>
	failure(401, [
		common(
			'AUTHENTICATE_TOKEN_INVALID',
			'Error: Le status de cette organisation ne permet pas cette opération',
		),
	]);

export const unreadableBody = (message: string) => failure(400, [common('is_invalid', message)]);

export const paymentNotFound = () =>
	failure(404, [{ ...common('NOT_FOUND', 'Paiement non trouvé'), source: {} }]);

export const routeNotFound = () => failure(404, [common('NOT_FOUND', 'Route non trouvée')]);

/** The live service answers 500 to an id that is not 24 hex characters; the body is made up. */
export const malformedId = (id: string) =>
	failure(500, [common('INTERNAL_SERVER_ERROR', `Cast to ObjectId failed for value "${id}"`)]);

/** No 429 of the live service is on record: body and header are made up. */
export const tooManyRequests = (retryAfterSeconds: number) =>
	failure(429, [common('TOO_MANY_REQUESTS', 'Too many requests, please try again later.')], {
		'retry-after': String(retryAfterSeconds),
	});

/** A refusal asked for as a fault. */
export const faultAnswer = (status: number) =>
	failure(status, [common('SANDBOX_FAULT', `The sandbox was told to answer ${status}.`)]);
