/** Where Konnect's API is, by the credential's `environment`. `custom` has its own base URL in the credential. */
export const BASE_URLS = {
	sandbox: 'https://api.sandbox.konnect.network/api/v2',
	production: 'https://api.konnect.network/api/v2',
	preprod: 'https://api.preprod.konnect.network/api/v2',
} as const;

export type Environment = keyof typeof BASE_URLS | 'custom';
