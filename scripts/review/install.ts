import { join } from 'node:path';
import { cacheDir, isComplete } from '../n8n/cache';
import { installPackages, type InstallOptions } from '../n8n/packages';

interface Recipe {
	package: string;
	version: string;
	/** Packages that the tool finds in the project it looks at, and that are not among its own. */
	besides?: Record<string, string>;
}

/**
 * The tools with which n8n's reviewers look at a community package. They are heavy, 0.9 GB together, so they are no
 * development dependencies but live in the cache folder, as n8n does.
 */
const RECIPES = {
	/** `n8n-node lint`. */
	lint: { package: '@n8n/node-cli', version: '0.48.3', besides: { typescript: '5.9.3' } },
	/** What n8n runs on the published package and on its sources. */
	scan: { package: '@n8n/scan-community-package', version: '0.32.0' },
} satisfies Record<string, Recipe>;

export type ReviewTool = keyof typeof RECIPES;

const TOOLS = Object.keys(RECIPES) as ReviewTool[];

export interface ReviewInstall {
	/** The folder with the tool's `node_modules`. */
	dir: string;
	/** The tool's own folder. */
	packageDir: string;
}

/** Whether `installReviewTools` would return at once. */
export const hasReviewTools = () => TOOLS.every((tool) => isComplete(dirOf(tool)));

/** Installs what is missing. Takes about two minutes the first time. */
export async function installReviewTools(options: InstallOptions): Promise<void> {
	for (const tool of TOOLS) await installReviewTool(tool, options);
}

/** Installs a tool into the cache folder, or finds it there. */
export async function installReviewTool(
	tool: ReviewTool,
	options: InstallOptions,
): Promise<ReviewInstall> {
	const { package: name, version, besides }: Recipe = RECIPES[tool];
	const dir = dirOf(tool);
	const dependencies = { [name]: version, ...besides };
	await installPackages({ title: `${name} ${version}`, dir, dependencies }, options);
	return { dir, packageDir: join(dir, 'node_modules', ...name.split('/')) };
}

function dirOf(tool: ReviewTool): string {
	return join(cacheDir(), `review-${tool}-${RECIPES[tool].version}`);
}
