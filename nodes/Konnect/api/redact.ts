import { PARAMETERS } from '../payment/terms';
import type { Connection } from './connection';

/** Takes the key and signatures out of a text that came from outside: some servers repeat what they were sent. */
export const redact = (text: string, { apiKey }: Connection) =>
	text
		.replaceAll(apiKey, '[API key]')
		.replace(new RegExp(`(${PARAMETERS.terms}|signature)=[\\w.-]+`, 'g'), '$1=[signature]');
