import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseDocument } from 'yaml';

const ROOT = resolve(__dirname, '../../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

interface Step {
	uses?: string;
	run?: string;
	with?: Record<string, unknown>;
}
interface Job {
	uses?: string;
	needs?: string[];
	permissions?: Record<string, string>;
	environment?: string;
	'timeout-minutes'?: number;
	strategy?: { matrix: { node: number[] } };
	steps?: Step[];
}
interface Workflow {
	on: Record<string, unknown>;
	permissions?: Record<string, string>;
	concurrency?: { group: string };
	jobs: Record<string, Job>;
}
interface Form {
	body: Array<{ id?: string; validations?: { required?: boolean } }>;
}

function parse<T>(file: string): T {
	const document = parseDocument(read(file), { uniqueKeys: true });
	expect([...document.errors, ...document.warnings]).toEqual([]);
	return document.toJS() as T;
}

const filesIn = (folder: string) =>
	readdirSync(join(ROOT, folder)).map((file) => `${folder}/${file}`);

const WORKFLOWS = filesIn('.github/workflows');

const jobsOf = (file: string) => Object.entries(parse<Workflow>(file).jobs);
const stepsOf = (file: string) => jobsOf(file).flatMap(([, job]) => job.steps ?? []);

it.each(filesIn('.github/ISSUE_TEMPLATE'))('%s is YAML without mistakes', (file) => {
	expect(parse(file)).toBeInstanceOf(Object);
});

describe.each(WORKFLOWS)('%s', (file) => {
	it('names each action by its commit, with the version beside it', () => {
		const lines = read(file)
			.split('\n')
			.filter((line) => /\buses:/.test(line));
		expect(lines.length).toBeGreaterThan(0);
		for (const line of lines) {
			const local = /uses: \.\/(\S+)$/.exec(line)?.[1];
			if (local) expect(existsSync(join(ROOT, local))).toBe(true);
			else expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
		}
	});

	it('may read the repository, and nothing else but where a job says so', () => {
		const workflow = parse<Workflow>(file);
		expect(workflow.permissions).toEqual({ contents: 'read' });
		expect(workflow.concurrency?.group).toBeTruthy();
		for (const [name, { permissions }] of jobsOf(file)) {
			const isPublish = file.endsWith('/publish.yml') && name === 'publish';
			expect(permissions).toEqual(isPublish ? { 'id-token': 'write' } : undefined);
		}
	});

	it('holds no secret, keeps no cache, and leaves no credentials in the checkout', () => {
		expect(read(file)).not.toMatch(/secrets\.|NODE_AUTH_TOKEN|NPM_TOKEN|pull_request_target/);
		for (const { uses = '', with: inputs = {} } of stepsOf(file)) {
			expect(uses).not.toMatch(/^actions\/cache/);
			expect(inputs).not.toHaveProperty('cache');
			if (uses.startsWith('actions/checkout')) expect(inputs['persist-credentials']).toBe(false);
			if (uses.startsWith('actions/setup-node')) {
				expect(inputs['package-manager-cache']).toBe(false);
			}
		}
	});

	it('puts nothing from outside into a shell command, and ends jobs that hang', () => {
		for (const { run = '' } of stepsOf(file)) expect(run).not.toContain('${{');
		for (const [, job] of jobsOf(file)) {
			if (job.steps) expect(job['timeout-minutes']).toBeLessThanOrEqual(120);
		}
	});
});

it('uses one commit of each action everywhere', () => {
	const pins = WORKFLOWS.flatMap((file) => stepsOf(file).flatMap(({ uses }) => uses ?? []));
	const actions = pins.map((pin) => pin.split('@')[0]);
	expect(new Set(pins).size).toBe(new Set(actions).size);
});

describe('CI', () => {
	const { jobs } = parse<Workflow>('.github/workflows/ci.yml');

	it('tests on the oldest Node that the package takes and on those after it, in a real n8n too', () => {
		const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
		const oldest = Number(/\d+/.exec(engines.node)?.[0]);
		expect(jobs.test?.strategy?.matrix.node).toEqual([oldest, 22, 24]);
		expect(jobs.test?.steps?.at(-1)?.run).toBe('npm test');
		expect(jobs.e2e?.steps?.at(-1)?.run).toBe('npm run test:e2e');
	});
});

describe('publishing', () => {
	const { on, jobs } = parse<Workflow>('.github/workflows/publish.yml');

	it('happens for a release only, after all tests, with provenance', () => {
		expect(on).toEqual({ release: { types: ['published'] } });
		expect(jobs.ci?.uses).toBe('./.github/workflows/ci.yml');
		expect(jobs.publish?.needs).toEqual(['ci', 'pack']);
		expect(jobs.publish?.steps?.at(-1)?.run).toMatch(/^npm publish .*--provenance/);
	});

	it('runs none of our code beside the identity that npm trusts', () => {
		expect(jobs.publish?.environment).toBe('npm');
		const uses = jobs.publish?.steps?.flatMap((step) => step.uses?.split('@')[0] ?? []);
		expect(uses).toEqual(['actions/setup-node', 'actions/download-artifact']);
		const runs = jobs.publish?.steps?.flatMap(({ run }) => run ?? []);
		expect(runs).toHaveLength(1);
		expect(runs?.[0]).toContain('--ignore-scripts');
	});
});

it('lets dependabot look after packages and actions', () => {
	const { updates } = parse<{ updates: Array<Record<string, unknown>> }>('.github/dependabot.yml');
	expect(updates.map((update) => update['package-ecosystem'])).toEqual(['npm', 'github-actions']);
});

describe('issue forms', () => {
	const required = (file: string) =>
		parse<Form>(`.github/ISSUE_TEMPLATE/${file}`)
			.body.filter(({ validations }) => validations?.required)
			.map(({ id }) => id);

	it('ask for versions', () => {
		expect(required('bug.yml')).toEqual(expect.arrayContaining(['version', 'n8n', 'environment']));
		expect(required('idea.yml')).toContain('versions');
	});

	it('ask for no key, and warn of posting one', () => {
		const bug = read('.github/ISSUE_TEMPLATE/bug.yml');
		expect(bug).toContain('Never post an API key');
		expect(bug).not.toMatch(/label:.*(key|secret|wallet)/i);
	});
});
