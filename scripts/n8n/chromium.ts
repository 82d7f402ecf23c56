import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ELSEWHERE = [
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The path of an installed Chromium or Chrome: CHROMIUM_PATH where that is set, else a usual place. */
export function findChromium(): string | undefined {
	if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
	const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
	const onPath = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
	return [...onPath, ...ELSEWHERE].find((path) => existsSync(path));
}
