import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');

/** `npm run lint:fix` writes it, and ESLint reads it by itself. */
const suppressed = JSON.parse(
	readFileSync(join(ROOT, 'eslint-suppressions.json'), 'utf8'),
) as Record<string, Record<string, unknown>>;

it('nothing that is published is spared a rule', () => {
	const spared = Object.keys(suppressed);
	expect(spared.length).toBeGreaterThan(0);
	expect(spared.filter((file) => !/^(sandbox|scripts|test)\//.test(file))).toEqual([]);
});

it('development code is spared only what n8n forbids nodes', () => {
	const rules = Object.values(suppressed).flatMap((file) => Object.keys(file));
	const general = rules.filter((rule) => !rule.startsWith('@n8n/community-nodes/'));
	expect([...new Set(general)].sort()).toEqual(['import-x/no-unresolved', 'no-console']);
});
