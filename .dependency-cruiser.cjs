/**
 * Data flows one way: n8n → node → operation or webhook decision → api → payment. Whoever imports upwards, or across, breaks it. Beside
 * the product, tests know scripts, scripts know the sandbox, and the sandbox knows nobody.
 */
const ROOMS = 'nodes/Konnect';

const forbid = (name, from, to) => ({
	name,
	severity: 'error',
	from: { path: from },
	to: { path: to, dependencyTypesNot: ['type-only'] },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
	forbidden: [
		{ name: 'no circles', severity: 'error', from: {}, to: { circular: true } },
		forbid('the product stands alone', '^(nodes|credentials)', '^(sandbox|scripts|test)/'),
		forbid('the sandbox stands alone', '^sandbox', '^(nodes|credentials|scripts|test)/'),
		forbid('scripts know no test', '^scripts', '^test/'),
		forbid('nothing imports a node', `^${ROOMS}`, `^${ROOMS}/\\w+\\.node\\.ts$`),
		forbid('operations know no webhook', `^${ROOMS}/operations`, `^${ROOMS}/webhook`),
		forbid('webhooks know no operation', `^${ROOMS}/webhook`, `^${ROOMS}/operations`),
		forbid('api stands below', `^${ROOMS}/api`, `^${ROOMS}/(operations|webhook|descriptions)`),
		forbid('payment stands below all', `^${ROOMS}/payment`, `^${ROOMS}/(?!payment)`),
		forbid(
			'descriptions do nothing',
			`^${ROOMS}/descriptions`,
			`^${ROOMS}/(operations|webhook|api)`,
		),
		forbid('state decides nothing', `^${ROOMS}/webhook/state`, `^${ROOMS}/webhook/(?!state/)`),
		forbid(
			'payment, decisions and state use nothing of n8n but types',
			`^${ROOMS}/(payment|webhook/(?!(n8n|trigger|wait)\\.ts))`,
			'n8n-workflow',
		),
	],
	options: { tsPreCompilationDeps: 'specify', doNotFollow: { path: 'node_modules' } },
};
