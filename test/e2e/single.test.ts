import { opened, openShop, startSingleStage } from './harness';
import { agentFieldsSuite } from './suites/agentFields';
import { credentialSuite } from './suites/credential';
import { onceSuite } from './suites/once';
import { waitKeySuite, waitSuite } from './suites/wait';

jest.setTimeout(240_000);

const stage = opened(async () => await startSingleStage('sqlite'));

describe('the Test button of the credential', () => credentialSuite(stage));

describe('the fields that decide about the money, filled in by an agent', () =>
	agentFieldsSuite(stage));

describe('an execution, in one n8n process with SQLite', () => {
	onceSuite({
		stage,
		open: async () => await openShop(stage()),
		happened: async (shop) => await shop.started(),
		longestEnd: 5_000,
	});
});

describe('an execution that waits, in one n8n process with SQLite', () => {
	waitSuite(stage);
	waitKeySuite(stage);
});
