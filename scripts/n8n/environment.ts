/** Variables that n8n must not inherit from the shell or test runner that starts it. */
const FOREIGN =
	/^(N8N_|DB_|QUEUE_|EXECUTIONS_|WEBHOOK_URL$|npm_|NODE_ENV$|NODE_OPTIONS$|JEST_|(https?|all)_proxy$)/i;

/** No telemetry, no look-ups on n8n's servers, no questions and banners. */
const ISOLATED = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_ONBOARDING_FLOW_DISABLED: 'true',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_MCP_ACCESS_ENABLED: 'false',
	N8N_SECURE_COOKIE: 'false',
	N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
	N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
};

/** Modules that ask n8n's servers whatever the settings above say. A version of n8n that lacks a module named here does not start. */
const DISABLED_MODULES: Record<string, string> = { '2.41.1': 'mcp-registry' };

/** `worker` and `webhook` are the other processes of n8n's queue mode. */
export type N8nMode = 'start' | 'worker' | 'webhook';

export interface EnvironmentOptions {
	version: string;
	mode: N8nMode;
	userFolder: string;
	port: number;
	/** The port of the task broker. Its default is the same for every n8n, so two servers would clash. */
	brokerPort: number;
	url: string;
	extra: Record<string, string>;
}

/** The environment variables of one n8n process; `extra` wins over all others. */
export function environmentOf(options: EnvironmentOptions): NodeJS.ProcessEnv {
	const inherited = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
	const { hostname } = new URL(options.url);
	return {
		...Object.fromEntries(inherited),
		...ISOLATED,
		N8N_DISABLED_MODULES: DISABLED_MODULES[options.version] ?? '',
		N8N_USER_FOLDER: options.userFolder,
		N8N_HOST: hostname,
		N8N_PORT: String(options.port),
		N8N_LISTEN_ADDRESS: hostname,
		N8N_RUNNERS_BROKER_PORT: String(options.brokerPort),
		N8N_EDITOR_BASE_URL: options.url,
		WEBHOOK_URL: options.url,
		...(options.mode === 'worker' && {
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			QUEUE_HEALTH_CHECK_PORT: String(options.port),
			N8N_WORKER_SERVER_ADDRESS: hostname,
		}),
		...options.extra,
	};
}
