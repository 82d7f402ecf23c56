import { answerTo } from '../../../nodes/Konnect/webhook/answer';
import {
	body,
	browser,
	carryOut,
	decide,
	failure,
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

describe('while n8n holds another call for the same payment', () => {
	const anyOf = async (payment: Record<string, unknown>) => {
		const world = new TriggerWorld(says(payment));
		world.settings = { ...world.settings, events: ['any'] };
		expect(await decide(world, plain(), 1_000)).toMatchObject({ kind: 'run', isSettled: false });
		return String(answerTo(await decide(world, plain(), 4_000), browser).body);
	};

	it('the page says that the payment is being confirmed, where the bank is at work', async () => {
		expect(await anyOf({})).toContain('The payment is being confirmed');
	});

	it('the page asks for no rest, where all the money has come', async () => {
		expect(await anyOf({ reachedAmount: 10_000 })).not.toContain('The rest can be paid');
	});

	it('a payer who has paid keeps the page open: it has the shop told, if that call comes to nothing', async () => {
		const world = new TriggerWorld(says(PAID));
		expect(await decide(world, plain(), 1_000)).toMatchObject({ kind: 'run' });
		const { body: page, headers } = answerTo(await decide(world, plain(), 4_000), browser);
		expect(headers.Refresh).toBeDefined();
		expect(page).toContain('Payment received');
		expect(page).toContain('keep this page open');
	});
});

/** The moments at which Konnect is asked, in milliseconds from the call. */
function moments(world: TriggerWorld): number[] {
	const asked: number[] = [];
	const { konnect } = world;
	world.konnect = () => {
		asked.push(world.clock.now());
		return konnect as ReturnType<typeof says>;
	};
	return asked;
}

describe('while a payment has not settled', () => {
	it('it is read again after growing pauses, by reads that Konnect’s limit can do without', async () => {
		const world = new TriggerWorld(says({}));
		const asked = moments(world);
		expect(await decide(world)).toMatchObject({ kind: 'unsettled' });
		expect(asked).toEqual([0, 500, 1_500, 3_500, 6_500, 10_500, 14_500, 18_500]);
		expect(world.asked).toMatchObject({ read: 8, rereads: 7 });
	});

	it('the call is answered as soon as no time is left for another look', async () => {
		const world = new TriggerWorld(says({}));
		const asked = moments(world);
		await decide(world, plain(), 1_500);
		expect(asked).toEqual([0, 500]);
		expect(world.clock.now()).toBe(500);
	});

	it('what was read before counts, where Konnect is away when it is asked again', async () => {
		const world = new TriggerWorld(says({}));
		let looks = 0;
		world.konnect = () => (looks++ === 0 ? says({}) : failure('unavailable'));
		expect(await decide(world)).toMatchObject({ kind: 'unsettled', state: 'pending' });
		expect(world.asked.read).toBe(2);
	});
});

it('a link that has run out stays so: a call of a minute later is answered for good as well', async () => {
	const world = new TriggerWorld(says({ status: 'expired' }));
	expect(await decide(world)).toMatchObject({ kind: 'ignored', state: 'expired' });
	await world.clock.advance(60_000);
	expect(await decide(world)).toMatchObject({ kind: 'ignored', state: 'expired' });
});

it('a part of a price that Konnect does not name is a part', async () => {
	const world = new TriggerWorld(says({ amount: null, reachedAmount: 5_000 }));
	expect(await decide(world)).toMatchObject({ kind: 'ignored', state: 'partiallyPaid' });
	expect(world.clock.now()).toBe(0);
});
