import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillOnce } from '../../../scripts/n8n/cache';
import { temporaryFolder } from '../../../scripts/n8n/temporary';

describe('a folder of the cache', () => {
	it('is filled once, however many ask for it at once, and the others wait', async () => {
		const folder = temporaryFolder('konnect-cache-');
		const dir = join(folder, 'n8n');
		let fills = 0;
		const fill = async () => {
			fills += 1;
			await Promise.resolve();
		};
		await Promise.all([1, 2, 3].map(async () => await fillOnce(dir, fill)));
		expect(fills).toBe(1);
		expect(readdirSync(folder)).toEqual(['n8n']);
	});

	it('is not there when filling it failed, and can be filled then', async () => {
		const dir = join(temporaryFolder('konnect-cache-'), 'n8n');
		const fails = fillOnce(dir, async () => {
			writeFileSync(join(dir, 'half'), '');
			throw new Error('no network');
		});
		await expect(fails).rejects.toThrow('no network');
		expect(existsSync(dir)).toBe(false);
		await fillOnce(dir, async () => await Promise.resolve());
		expect(existsSync(dir)).toBe(true);
	});
});
