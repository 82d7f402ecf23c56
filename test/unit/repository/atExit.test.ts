import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const MODULE = resolve(__dirname, '../../../scripts/n8n/atExit.ts');

it('does at the end what was left to do, the last first, whatever fails of it', () => {
	const code = `
		const { atExit } = require(${JSON.stringify(MODULE)});
		const say = (word) => () => console.log(word);
		atExit(say('folder'));
		atExit(() => { throw new Error('busy'); });
		atExit(say('taken back'))();
		atExit(say('process'));`;
	const args = ['--import', 'tsx', '-e', code];
	const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
	expect(stdout.trim().split('\n')).toEqual(['process', 'folder']);
	expect(stderr).toContain('busy');
});
