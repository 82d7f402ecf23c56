import { ar } from './ar';
import { en } from './en';
import { fr } from './fr';
import type { PayTexts } from './texts';

export type { AmountRefusal, PayTexts } from './texts';

/** The languages of the pay page; the first is for everybody else. */
export const LANGUAGES = ['en', 'fr', 'ar'] as const;

export type Language = (typeof LANGUAGES)[number];

export const PAY_TEXTS: Readonly<Record<Language, PayTexts>> = { en, fr, ar };
