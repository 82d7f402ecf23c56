/** Why an amount cannot be paid. */
export type AmountRefusal = 'zero' | 'tooMuch' | 'notWhole';

export interface PayTexts {
	sandbox: string;
	pay: string;
	/** A name or an amount follows. */
	payTo: string;
	paid: string;
	due: string;
	order: string;
	feesAdded: string;
	checkForm: string;
	attemptsFailed: (count: number) => string;
	tryAgain: string;
	testCards: string;
	succeeds: string;
	fails: string;
	slowBank: string;
	slowBankResult: (seconds: number) => string;
	use: string;
	useFailing: string;
	useSlowBank: string;
	seconds: string;
	monthYear: string;
	digits: string;
	fields: Record<
		'amount' | 'cardNumber' | 'expiry' | 'cvc' | 'name' | 'email' | 'phone' | 'slow',
		string
	>;
	unknownCard: string;
	expiryIs: string;
	cvcIs: string;
	missing: Record<'name' | 'email' | 'phone', string>;
	emailForm: string;
	amountForm: string;
	slowForm: string;
	amountRefused: Record<AmountRefusal, string>;
	complete: readonly [title: string, text: string];
	expired: readonly [title: string, text: string];
	settling: readonly [title: string, text: string];
	lookAgain: string;
	notFound: readonly [title: string, text: string];
}
