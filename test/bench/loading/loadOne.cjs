// Loads the package in the first folder, with n8n's own packages from the second, and prints what it took. Plain JavaScript, so
// that nothing but Node itself is at work.
const Module = require('node:module');
const { join } = require('node:path');

const [dir, modules] = process.argv.slice(2);
const ofN8n = /^(n8n-workflow|n8n-core|n8n-nodes-base)(\/|$)/;
const resolve = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) =>
	resolve.call(Module, ofN8n.test(request) ? join(modules, request) : request, ...rest);

require('n8n-workflow');
const { n8n } = require(join(dir, 'package.json'));

const make = (file) => {
	const name = file.split('/').at(-1).split('.')[0];
	return new (require(join(dir, file))[name])();
};

globalThis.gc();
const heapBefore = process.memoryUsage().heapUsed;
const start = process.hrtime.bigint();
const nodes = n8n.nodes.map(make);
const credentials = (n8n.credentials ?? []).map(make);
const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
globalThis.gc();
const heap = (process.memoryUsage().heapUsed - heapBefore) / 1024;

const descriptions = nodes.map((node) => node.description);
const operations = descriptions
	.flatMap(({ properties = [] }) => properties.filter(({ name }) => name === 'operation'))
	.reduce((sum, { options = [] }) => sum + options.length, 0);
const triggers = descriptions.filter(({ group = [] }) => group.includes('trigger')).length;
const counts = { nodes: nodes.length, triggers, operations, credentials: credentials.length };
console.log(JSON.stringify({ milliseconds, heap, ...counts }));
