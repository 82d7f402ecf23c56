import type { SandboxAccount } from './types';

/** The accounts every sandbox starts with. The keys are made up and open nothing but a sandbox. */
export const SANDBOX_ACCOUNTS = {
	merchant: {
		name: 'Sandbox Merchant',
		apiKey: '5a4db0c5a4db0c5a4db0c001:sandbox-key-of-the-merchant-not-secret',
		walletId: '5a4db0c5a4db0c5a4db0ca01',
		validated: true,
	},
	unvalidated: {
		name: 'Unvalidated Merchant',
		apiKey: '5a4db0c5a4db0c5a4db0c002:sandbox-key-of-the-unvalidated-not-secret',
		walletId: '5a4db0c5a4db0c5a4db0ca02',
		validated: false,
	},
	other: {
		name: 'Other Merchant',
		apiKey: '5a4db0c5a4db0c5a4db0c003:sandbox-key-of-the-other-not-secret',
		walletId: '5a4db0c5a4db0c5a4db0ca03',
		validated: true,
	},
} satisfies Record<string, SandboxAccount>;

export const ACCOUNTS: readonly SandboxAccount[] = Object.values(SANDBOX_ACCOUNTS);
