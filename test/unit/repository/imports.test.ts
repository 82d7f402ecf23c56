import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { temporaryFolder } from '../../../scripts/n8n/temporary';

const ROOT = resolve(__dirname, '../../..');
const CLI = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const CONFIG = join(ROOT, '.dependency-cruiser.cjs');

/** Everything that is written in TypeScript. */
const FOLDERS = ['nodes', 'credentials', 'sandbox', 'scripts', 'test'];

/** What breaks the rules in a checkout, as "rule: from → to". */
function violationsIn(root: string): string[] {
	const args = [CLI, ...FOLDERS, '--config', CONFIG, '--output-type', 'json'];
	const { stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
	const { summary } = JSON.parse(stdout) as {
		summary: {
			totalCruised: number;
			violations: Array<{ rule: { name: string }; from: string; to: string }>;
		};
	};
	expect(summary.totalCruised).toBeGreaterThan(0);
	return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
}

describe('the code', () => {
	it('is built so that nothing imports what stands above or beside it', () => {
		expect(violationsIn(ROOT)).toEqual([]);
	});

	it('would not be, with any of these imports', () => {
		const root = temporaryFolder('konnect-house-');
		const files: Record<string, string> = {
			'nodes/Konnect/Konnect.node.ts': 'export const node = 1;',
			'nodes/Konnect/operations/a.ts': "import { b } from '../webhook/decide'; export const a = b;",
			'nodes/Konnect/webhook/decide.ts': 'export const b = 1;',
			'nodes/Konnect/webhook/state/c.ts': "import { b } from '../decide'; export const c = b;",
			'nodes/Konnect/webhook/trigger.ts':
				"import { e } from '../operations/e'; export const d = e;",
			'nodes/Konnect/operations/e.ts':
				"import { node } from '../Konnect.node'; export const e = node;",
			'nodes/Konnect/api/f.ts': "import { c } from '../webhook/state/c'; export const f = c;",
			'nodes/Konnect/payment/g.ts': "import { f } from '../api/f'; export const g = f;",
			'credentials/h.ts': "import { i } from '../sandbox/i'; export const h = i;",
			'sandbox/i.ts': "import { k } from '../scripts/k'; export const i = k;",
			'scripts/k.ts': "import { l } from '../test/l'; export const k = l;",
			'scripts/m.ts': "import type { N } from './n'; export type M = N[];",
			'scripts/n.ts': "import type { M } from './m'; export type N = M | 1;",
			'test/l.ts': 'export const l = 1;',
		};
		for (const [name, text] of Object.entries(files)) {
			const path = join(root, name);
			mkdirSync(dirname(path), { recursive: true });
			writeFileSync(path, `${text}\n`);
		}
		symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
		const broken = violationsIn(root).map((line) => line.split(':')[0]);
		expect([...new Set(broken)].sort()).toEqual([
			'api stands below',
			'no circles',
			'nothing imports a node',
			'operations know no webhook',
			'payment stands below all',
			'scripts know no test',
			'state decides nothing',
			'the product stands alone',
			'the sandbox stands alone',
			'webhooks know no operation',
		]);
	});
});
