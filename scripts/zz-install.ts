import { installN8n } from './n8n/install';
const t0 = Date.now();
void installN8n('2.41.1', {
	progress: (l) => console.log(Math.round((Date.now() - t0) / 1000), l),
}).then(
	(x) => console.log('done', x.dir),
	(e) => console.log('FAILED', e.message),
);
