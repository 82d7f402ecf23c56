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
const made = [...n8n.nodes, ...n8n.credentials].map(make);
const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
globalThis.gc();
const heap = (process.memoryUsage().heapUsed - heapBefore) / 1024;
console.log(JSON.stringify({ milliseconds, heap, made: made.length }));
