import { VERSIONS } from '../../scripts/n8n/install';
import { opened, startStage } from './harness';
import { compatibilityTable, type Seen } from './harness/compatibility';
import { coreSuite } from './suites/core';

jest.setTimeout(120_000);

const seen: Seen = new Map(VERSIONS.map((version) => [version, new Map<string, string>()]));

describe.each(VERSIONS)('n8n %s', (version) => {
	const stage = opened(async () => await startStage({ n8n: { version } }));

	coreSuite({
		stage,
		saw: (what, how) => void seen.get(version)?.set(what, how),
	});
});

describe('docs/compatibility.md', () => {
	it('has the table of what was seen (npm run docs:compatibility writes it)', async () => {
		const table = await compatibilityTable(seen);
		expect(table.stands).toBe(table.seen);
	});
});
