import type { Sandbox } from '../../sandbox';
import { SANDBOX_ACCOUNTS } from '../../sandbox';
import type { Account } from './talk';

/** The sandbox's merchant, with all that a person or a second account would be needed for at Konnect. */
export function accountAt(sandbox: Sandbox): Account {
	const { merchant, other } = SANDBOX_ACCOUNTS;
	return {
		baseUrl: sandbox.apiBaseUrl,
		apiKey: merchant.apiKey,
		walletId: merchant.walletId,
		otherApiKey: other.apiKey,
		preprodUrl: sandbox.apiBaseUrl,
		pay: async (_payUrl, ref, outcome) => {
			const card = outcome === 'failure' ? 'failing' : 'visa';
			await sandbox.pay(ref, { card, open: outcome === 'open' });
		},
	};
}
