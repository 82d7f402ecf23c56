import { answerTo } from '../../../nodes/Konnect/webhook/answer';
import {
	body,
	browser,
	carryOut,
	decide,
	PAID,
	plain,
	refOf,
	says,
	server,
	signed,
	success,
	TriggerWorld,
} from '../../fixtures/calls';
import { failedAttempt } from '../../fixtures/payments';

const TRANSACTION = { id: '1', method: 'bank_card', status: 'success', amount: 10_000 };

describe('a payment whose whole price has arrived, while Konnect’s status still says pending', () => {
	it.each<[string, Record<string, unknown>]>([
		['by its transactions', { transactions: [TRANSACTION], successfulTransactions: 1 }],
		['by reachedAmount', { reachedAmount: 10_000, amountDue: 0, transactions: [TRANSACTION] }],
	])('%s is asked for again, and never told to pay a rest', async (_name, changes) => {
		const world = new TriggerWorld(says({ type: 'immediate', ...changes }));
		const first = carryOut(world, await decide(world, signed()));
		// Half a second later Konnect has written the status.
		await world.clock.advance(500);
		world.konnect = says(PAID);
		expect(answerTo(first, browser).body).not.toContain('The rest can be paid');
		// 200 says that all is done: nobody calls again.
		expect(answerTo(first, server).status).toBe(503);
	});
});

describe('a transaction that is under way at the bank', () => {
	it.each(['pending', 'processing', 'in_progress'])(
		'(%s, failedTransactions: 0) is no failed attempt: it is asked for again, and nobody is told to pay again',
		async (status) => {
			const world = new TriggerWorld(
				says({
					failedTransactions: 0,
					successfulTransactions: 0,
					transactions: [{ id: '1', method: 'bank_card', status, amount: 10_000 }],
				}),
			);
			const first = await decide(world, signed());
			expect(answerTo(first, browser).body).not.toContain('You can try again');
			expect(answerTo(first, server).status).toBe(503);
		},
	);
});

it('a status that nobody knows may stand before completed: the call is asked for again', async () => {
	const world = new TriggerWorld(says({ status: 'processing' }));
	expect(answerTo(await decide(world, signed()), server).status).toBe(503);
});

const FAILED = success(
	body({ failedTransactions: 1, transactions: failedAttempt.payment.transactions }),
);

/** The first attempt fails, and callers are told of it. */
async function afterFirstAttempt(events: TriggerWorld['settings']['events']) {
	const world = new TriggerWorld(FAILED);
	world.settings = { ...world.settings, events };
	const first = carryOut(world, await decide(world, signed()));
	expect(answerTo(first, server).status).toBe(200);
	await world.clock.advance(60_000);
	return world;
}

/** The second attempt: the bank is slower than the payer, so Konnect still says what it said after the first. */
async function expectAskedAgain(world: TriggerWorld) {
	const second = await decide(world, signed());
	expect(answerTo(second, browser).body).not.toContain('You can try again');
	expect(answerTo(second, server).status).toBe(503);
}

describe('a second attempt that is slower than the payer, where callers were told of the first', () => {
	it('is waited for in the same process', async () => {
		await expectAskedAgain(await afterFirstAttempt(['paid']));
	});

	it('is waited for after a restart, or at another processor, where the record knows the first', async () => {
		const world = await afterFirstAttempt(['paid', 'attemptFailed']);
		const other = new TriggerWorld(FAILED);
		other.settings = world.settings;
		other.record = world.record;
		await expectAskedAgain(other);
	});

	it('is waited for when a thousand other payments have been read since', async () => {
		const world = await afterFirstAttempt(['paid', 'attemptFailed']);
		for (let n = 0; n < 1_000; n++) {
			world.konnect = success(body({ id: refOf(n), status: 'expired' }));
			await decide(world, plain(refOf(n)));
		}
		world.konnect = FAILED;
		await expectAskedAgain(world);
	});
});
