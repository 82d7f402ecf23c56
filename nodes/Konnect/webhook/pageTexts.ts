import type { PaymentState } from '../payment/state';

/** What a page can tell the payer: the state of the payment, or why it cannot be told. */
export type PageTopic =
	| Exclude<PaymentState, 'unknown'>
	/** All is paid, and the shop does not know it yet. */
	| 'received'
	/** Konnect could not be asked, or has not the bank's word yet. */
	| 'confirming'
	/** Nobody could say in time, or the shop has to see to something first. */
	| 'unconfirmed'
	/** The payment is not one of this shop's, or not the one that the address was made for. */
	| 'badAddress';

export const LANGUAGES = ['en', 'fr', 'ar'] as const;

export type Language = (typeof LANGUAGES)[number];

type Texts = Readonly<Record<Language, string>>;

/** A heading, and after the bar the text. */
export const PAGE_TEXTS: Readonly<Record<PageTopic, Texts>> = {
	paid: {
		en: 'Payment received | Thank you. You can close this page.',
		fr: 'Paiement reçu | Merci. Vous pouvez fermer cette page.',
		ar: 'تم استلام الدفع | شكرًا لك. يمكنك إغلاق هذه الصفحة.',
	},
	received: {
		en: 'Payment received | Thank you. The shop is being told.',
		fr: 'Paiement reçu | Merci. Le vendeur est en train d’être prévenu.',
		ar: 'تم استلام الدفع | شكرًا لك. جارٍ إبلاغ البائع.',
	},
	partiallyPaid: {
		en: 'Part of the amount received | Thank you. The rest can be paid with the same payment link.',
		fr: 'Une partie du montant a été reçue | Merci. Le reste peut être payé avec le même lien de paiement.',
		ar: 'تم استلام جزء من المبلغ | شكرًا لك. يمكن دفع الباقي عبر رابط الدفع نفسه.',
	},
	attemptFailed: {
		en: 'The payment did not go through | Nothing was received. You can try again with the same payment link.',
		fr: 'Le paiement n’a pas abouti | Rien n’a été reçu. Vous pouvez réessayer avec le même lien de paiement.',
		ar: 'لم تتم عملية الدفع | لم يتم استلام أي مبلغ. يمكنك المحاولة مجددًا عبر رابط الدفع نفسه.',
	},
	pending: {
		en: 'Not paid yet | No payment has been confirmed so far. If you have just paid, do not pay a second time: the bank may still be at work. Ask the shop.',
		fr: 'Pas encore payé | Aucun paiement n’a été confirmé pour l’instant. Si vous venez de payer, ne payez pas une deuxième fois : la banque n’a peut-être pas terminé. Demandez au vendeur.',
		ar: 'لم يتم الدفع بعد | لم يتم تأكيد أي دفع حتى الآن. إذا كنت قد دفعت للتو فلا تدفع مرة ثانية، فقد يكون البنك ما زال يعالج العملية. اسأل البائع.',
	},
	expired: {
		en: 'The payment link has expired | Ask the shop for a new one.',
		fr: 'Le lien de paiement a expiré | Demandez-en un nouveau au vendeur.',
		ar: 'انتهت صلاحية رابط الدفع | اطلب رابطًا جديدًا من البائع.',
	},
	confirming: {
		en: 'The payment is being confirmed | Your bank or Konnect is still at work. Do not pay a second time.',
		fr: 'Le paiement est en cours de confirmation | Votre banque ou Konnect n’a pas encore terminé. Ne payez pas une deuxième fois.',
		ar: 'جارٍ تأكيد الدفع | ما زال البنك أو Konnect يعالج العملية. لا تدفع مرة ثانية.',
	},
	unconfirmed: {
		en: 'The payment could not be confirmed here | Do not pay a second time. Ask the shop, which can look it up.',
		fr: 'Le paiement n’a pas pu être confirmé ici | Ne payez pas une deuxième fois. Demandez au vendeur, qui peut le vérifier.',
		ar: 'تعذّر تأكيد الدفع هنا | لا تدفع مرة ثانية. اسأل البائع، فبإمكانه التحقق منه.',
	},
	badAddress: {
		en: 'This address belongs to no payment | Use the link that the shop gave you, or ask the shop.',
		fr: 'Cette adresse ne correspond à aucun paiement | Utilisez le lien que le vendeur vous a donné, ou demandez-lui.',
		ar: 'هذا العنوان لا يخص أي دفع | استخدم الرابط الذي أعطاك إياه البائع، أو اسأله.',
	},
};

/** What a page adds while it asks again by itself. */
export const NOTES: Readonly<Record<'mayClose' | 'keepOpen' | 'justTried', Texts>> = {
	/** A watch keeps looking for the payment. */
	mayClose: {
		en: 'The shop is told as soon as it is confirmed: you may close this page.',
		fr: 'Le vendeur sera prévenu dès la confirmation : vous pouvez fermer cette page.',
		ar: 'سيُبلَّغ البائع فور التأكيد، ويمكنك إغلاق هذه الصفحة.',
	},
	keepOpen: {
		en: 'Please keep this page open: it asks again by itself.',
		fr: 'Gardez cette page ouverte : elle se met à jour toute seule.',
		ar: 'يرجى إبقاء هذه الصفحة مفتوحة، فهي تتحدّث تلقائيًا.',
	},
	/** Konnect may not know yet of an attempt that came after the one it tells of. */
	justTried: {
		en: 'If you have just tried again, please wait a moment: this page asks again by itself.',
		fr: 'Si vous venez de réessayer, patientez un instant : cette page se met à jour toute seule.',
		ar: 'إذا كنت قد أعدت المحاولة للتو فانتظر لحظة، فهذه الصفحة تتحدّث تلقائيًا.',
	},
};

/** What the link to the pay page says, on the pages of those who can still pay. */
export const PAY_LINK_TEXTS: Partial<Record<PageTopic, Texts>> = {
	partiallyPaid: { en: 'Pay the rest', fr: 'Payer le reste', ar: 'ادفع الباقي' },
	attemptFailed: { en: 'Try again', fr: 'Réessayer', ar: 'حاول مجددًا' },
};
