import { opened, startSingleStage } from './harness';
import { heldSuite } from './suites/held';
import { crowdSuite, payerSuite } from './suites/payers';
import { slowBankSuite } from './suites/slowBank';

jest.setTimeout(300_000);

const crowded = opened(async () => await startSingleStage('sqlite'));
const stage = opened(async () => await startSingleStage('sqlite'));

describe('a crowd whose banks are slow', () => {
	crowdSuite(crowded, () => {
		describe('a payment that settles after its only call', () => {
			slowBankSuite(stage, 1, () => {
				describe('a payer whose bank is slower than the browser', () => payerSuite(stage));
				describe('a call that is held, or keeps looking', () => heldSuite(stage));
			});
		});
	});
});
