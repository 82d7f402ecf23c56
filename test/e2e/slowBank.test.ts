import { opened, startSingleStage } from './harness';
import { heldSuite } from './suites/held';
import { crowdSuite, payerSuite } from './suites/payers';
import { slowBankSuite } from './suites/slowBank';

jest.setTimeout(300_000);

const stage = opened(async () => await startSingleStage('sqlite'));

describe('a payment that settles after its only call', () => {
	slowBankSuite(stage, 1, () => {
		describe('a payer whose bank is slower than the browser', () => payerSuite(stage));
		describe('a call that is held, or looks on', () => heldSuite(stage));
	});
});

describe('a crowd whose banks are slow', () => crowdSuite(stage));
