import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillOnce, isComplete } from '../../../scripts/n8n/cache';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'konnect-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a folder of the cache', () => {
	it('is filled once, however many ask for it at once, and the others wait', async () => {
		const dir = join(folder, 'n8n');
		let fills = 0;
		let waits = 0;
		const fill = async (workDir: string) => {
			fills += 1;
			writeFileSync(join(workDir, 'file'), '');
			await Promise.resolve();
		};
		await Promise.all([1, 2, 3].map(async () => await fillOnce(dir, fill, () => (waits += 1))));
		expect([fills, waits]).toEqual([1, 2]);
		expect(isComplete(dir)).toBe(true);
		expect(readdirSync(folder)).toEqual(['n8n']);
	});

	it('is not there when filling it failed, and can be filled then', async () => {
		const dir = join(folder, 'n8n');
		const fails = fillOnce(
			dir,
			async () => await Promise.reject(new Error('no network')),
			() => {},
		);
		await expect(fails).rejects.toThrow('no network');
		expect(existsSync(dir)).toBe(false);
		await fillOnce(
			dir,
			async () => await Promise.resolve(),
			() => {},
		);
		expect(isComplete(dir)).toBe(true);
	});
});
