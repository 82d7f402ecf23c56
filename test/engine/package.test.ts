import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { IDataObject, INodeTypeDescription } from 'n8n-workflow';

import { loader, packageLoaded, ROOT } from './harness';

let folder: string;
beforeAll(async () => {
	await packageLoaded;
	folder = mkdtempSync(join(tmpdir(), 'konnect-pack-'));
	execFileSync('npm', ['pack', '--pack-destination', folder], { cwd: ROOT, stdio: 'pipe' });
	const [tarball = ''] = readdirSync(folder);
	execFileSync('tar', ['xzf', join(folder, tarball), '-C', folder]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const packed = (...path: string[]) => join(folder, 'package', ...path);

const files = () =>
	readdirSync(packed(), { recursive: true, encoding: 'utf8' }).filter((file) =>
		statSync(packed(file)).isFile(),
	);

describe('the packed package', () => {
	it('has only what runs, and the documents', () => {
		const others = files().filter((file) => !file.startsWith('dist/'));
		expect(others.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
		for (const file of files().filter((name) => name.startsWith('dist/'))) {
			expect(file).toMatch(
				/^dist\/(nodes\/Konnect\/.*\.js|credentials\/KonnectApi\.credentials\.js|icons\/konnect(\.dark)?\.svg|nodes\/Konnect\/\w+\.node\.json|nodes\/Konnect\/__schema__\/v1\.0\.0\/\w+\.json)$/,
			);
		}
	});

	it('stays small: at most 60 files and 150 kB', () => {
		expect(files().length).toBeLessThanOrEqual(60);
		const size = files().reduce((sum, file) => sum + statSync(packed(file)).size, 0);
		expect(size).toBeLessThanOrEqual(150_000);
	});

	it('requires nothing but n8n-workflow and node:crypto, and has no runtime dependency', () => {
		const required = files()
			.filter((file) => file.endsWith('.js'))
			.flatMap((file) => [
				...readFileSync(packed(file), 'utf8').matchAll(
					/(?:require|import)\(\s*['"]([^'"]+)['"]\s*\)/g,
				),
			])
			.map(([, name = '']) => name)
			.filter((name) => !name.startsWith('.'));
		for (const name of required) expect(['n8n-workflow', 'node:crypto']).toContain(name);
		expect(required).toContain('n8n-workflow');
		const manifest = JSON.parse(readFileSync(packed('package.json'), 'utf8')) as IDataObject;
		expect(manifest.dependencies).toBeUndefined();
		expect(manifest.optionalDependencies).toBeUndefined();
		expect(manifest.overrides).toBeUndefined();
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});
});

describe('what n8n loads', () => {
	it('is both nodes and the credential, with icons, categories and search words', () => {
		expect(Object.keys(loader.nodeTypes).sort()).toEqual(['konnect', 'konnectTrigger']);
		expect(Object.keys(loader.credentialTypes)).toEqual(['konnectApi']);
		for (const { type } of Object.values(loader.nodeTypes)) {
			const { codex, iconUrl } = type.description;
			expect(codex?.categories).toEqual(['Finance & Accounting', 'Sales']);
			expect(codex?.alias).toEqual(
				expect.arrayContaining(['payment', 'Tunisia', 'TND', 'e-DINAR', 'checkout']),
			);
			expect(new Set(codex?.alias).size).toBe(codex?.alias?.length);
			// The node panel lists both nodes as one.
			expect(codex?.alias).toEqual(loader.getNode('konnect').type.description.codex?.alias);
			expect(iconUrl).toMatchObject({
				light: expect.stringMatching(/konnect\.svg$/),
				dark: expect.stringMatching(/konnect\.dark\.svg$/),
			});
		}
	});

	it('has the package’s name in the .node.json files, as n8n asks', () => {
		const nodeOf = (file: string) =>
			(JSON.parse(readFileSync(packed(file), 'utf8')) as IDataObject).node;
		const names = files()
			.filter((file) => file.endsWith('.node.json'))
			.map(nodeOf);
		expect(names).toEqual(['n8n-nodes-konnect', 'n8n-nodes-konnect']);
	});

	it('tells n8n’s workflow builder how the two ways to take a payment are put together', () => {
		const descriptionOf = (node: string) =>
			loader.getNode(node).type.description as INodeTypeDescription;
		const { properties, builderHint } = descriptionOf('konnect');
		const wait = properties
			.find(({ name }) => name === 'operation')
			?.options?.find((option) => 'value' in option && option.value === 'waitForPayment');
		expect(wait).toHaveProperty('builderHint.propertyHint', expect.stringContaining("'execution'"));
		expect(builderHint?.searchHint).toContain('Konnect Trigger');
		expect(descriptionOf('konnectTrigger').builderHint?.searchHint).toContain("'url'");
	});
});
