/** Shape of a payment body: as recorded from the live service, or as its documentation shows it. */
export type Shape = 'real' | 'documented';

/** Whether reading a payment needs an API key, as documented, or does not, as observed. */
export type GetKeyMode = 'required' | 'ignored';

export type Token = 'TND' | 'EUR' | 'USD' | 'GBP';
export type PaymentType = 'immediate' | 'partial';
export type PaymentStatus = 'pending' | 'completed' | 'expired';
export type CardName = 'visa' | 'mastercard' | 'failing';

/** A merchant organisation with its API key and its wallet. */
export interface SandboxAccount {
	name: string;
	/** `organisationId:uniqueKey`, the organisation id being 24 hex characters. */
	apiKey: string;
	/** 24 hex characters. */
	walletId: string;
	/** Calls of an organisation that is not validated are answered 401. */
	validated: boolean;
}

/** The fields of init-payment that the sandbox acts on; others are accepted and ignored. */
export interface InitRequest {
	receiverWalletId: string;
	/** Minor units: millimes for TND, cents or pence for the others. */
	amount: number;
	token?: Token;
	type?: PaymentType;
	description?: string;
	acceptedPaymentMethods?: string[];
	/** Minutes. */
	lifespan?: number;
	checkoutForm?: boolean;
	addPaymentFeesToAmount?: boolean;
	firstName?: string;
	lastName?: string;
	phoneNumber?: string;
	email?: string;
	orderId?: string;
	webhook?: string;
	silentWebhook?: boolean;
	successUrl?: string;
	failUrl?: string;
	theme?: 'light' | 'dark';
	link?: string;
}

export interface Payer {
	name?: string;
	email?: string;
	phoneNumber?: string;
}

/** What a payer does on the pay page. */
export interface Attempt {
	/** Default `visa`. */
	card?: CardName;
	/** Minor units, for a part of a partial payment; default: all that is due. */
	amount?: number;
	/** Default `bank_card`. */
	method?: string;
	/** What the payer typed into the pay page's own form. */
	payer?: Payer;
	/** The payer leaves the bank's 3-D Secure page open: the attempt neither succeeds nor fails. */
	open?: boolean;
}

/** One attempt to pay. */
export interface SandboxTransaction {
	id: string;
	method: string;
	card?: CardName;
	status: 'success' | 'failed_payment' | 'pending_payment';
	/** Minor units, the payer's share of the fee included. */
	amount: number;
	/** Minor units that count towards the payment: the amount without a fee that the payer bears. */
	credited: number;
	/** Minor units. */
	totalFee: number;
	/** Minor units that reach the merchant. */
	amountAfterFee: number;
	externalRef: string;
}

export interface SandboxPayment {
	/** 24 hex characters: `paymentRef` of init-payment, `id` of the body. */
	ref: string;
	/** The account whose key made the payment. */
	account: string;
	request: InitRequest;
	token: Token;
	type: PaymentType;
	status: PaymentStatus;
	payer: Payer;
	transactions: SandboxTransaction[];
	/** The attempt that the bank has not answered yet, and when it will: epoch in ms. */
	settling?: { attempt: Attempt; at: number };
	/** Epoch in ms. */
	createdAt: number;
	/** Epoch in ms. */
	updatedAt: number;
	/** Epoch in ms: end of the lifespan, the grace not included. */
	expiresAt: number;
	/** Fields that replace those of the body that GET answers; see `Sandbox.update`. */
	patch: Record<string, unknown>;
}

/** What Konnect, or the network in front of it, does wrong. `faultFields.ts` says what each fault does. */
export interface Faults {
	latency: number;
	status: number;
	retryAfter: number | string;
	html: boolean;
	cut: 'before' | 'after';
	times: number;
	skip: number;
	match: 'init' | 'get' | 'all';
	settlesAfter: number;
	calls: 'browser' | 'server' | 'serverFirst' | 'both';
	duplicateWebhooks: number;
	outOfOrderWebhooks: boolean;
}

/**
 * Ways in which Konnect may differ from what we believe of it. The contract tests set each of them, to prove that the tests
 * would notice it.
 */
export interface Quirks {
	/** HTTP status of fields that are refused; believed: 400. */
	refusalStatus: number;
	/** Refusals do not name the field that they are about. */
	hidesFields: boolean;
	/** HTTP status of a key that is refused; believed: 401. */
	keyStatus: number;
	/** Fields are looked at before the key. */
	fieldsFirst: boolean;
	/** The most characters that a description, an order id or a phone number may have. */
	longestText: number;
	/** A key sees the payments of its own account only. */
	ownPaymentsOnly: boolean;
	/** Unknown fields are refused. */
	refusesUnknownFields: boolean;
	/** The currency of a payment that names none; believed: TND. */
	defaultToken: Token;
}

/** One request to `/api/v2`, recorded when it arrives and completed when it is answered. */
export interface RequestRecord {
	method: string;
	/** Path without query, for instance `/api/v2/payments/init-payment`. */
	path: string;
	/** As received, the key included: it is a fake one. */
	headers: Record<string, string>;
	/** Parsed JSON, else the raw text; undefined when nothing was sent. */
	body: unknown;
	/** 0 until answered, and for good when the connection was cut. */
	status: number;
	/** Epoch in ms of arrival. */
	at: number;
	paymentRef?: string;
}

/** One call of a merchant's webhook. */
export interface Delivery {
	paymentRef: string;
	url: string;
	/** `redirect`: the payer's browser was sent there, so the answer is unknown. `silent`: the sandbox called. */
	mode: 'redirect' | 'silent';
	/** Epoch in ms. */
	at: number;
	status?: number;
	headers?: Record<string, string>;
	body?: string;
	error?: string;
}
