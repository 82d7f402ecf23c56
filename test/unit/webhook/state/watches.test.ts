import { Deadline } from '../../../../nodes/Konnect/api/clock';
import type { Watch } from '../../../../nodes/Konnect/webhook/state/watches';
import { MOST_WATCHES, Watches } from '../../../../nodes/Konnect/webhook/state/watches';
import { VirtualClock } from '../../../fixtures/virtualClock';

const clock = new VirtualClock();

const watchOf = (key: string, changes: Partial<Watch> = {}): Watch => ({
	key,
	address: '',
	isKnown: true,
	until: Deadline.in(clock, 1_000),
	...changes,
});

const full = (changes: Partial<Watch> = {}) => {
	const watches = new Watches();
	const all = Array.from({ length: MOST_WATCHES }, (_, n) => watchOf(`payment ${n}`, changes));
	for (const watch of all) watches.begin(watch, true);
	return { watches, all };
};

const ended = (all: readonly Watch[]) => all.filter(({ until }) => until.isOver);

it('a later call of the same address takes over the watch of a payment', () => {
	const watches = new Watches();
	const [first, second, other] = [watchOf('a'), watchOf('a'), watchOf('a', { address: 'signed' })];
	expect([first, other, second].map((one) => watches.begin(one, true))).toEqual([true, true, true]);
	expect(ended([first, second, other])).toEqual([first]);
	watches.leave(first);
	expect(watches.find('a', '')).toBe(second);
	watches.leave(second);
	expect(watches.find('a', '')).toBeUndefined();
});

it('a later call takes over both watches of its address, where the first began while n8n could not read the credential', () => {
	const watches = new Watches();
	const [first, second] = [watchOf('a', { address: 'unread' }), watchOf('a')];
	for (const watch of [first, second]) watches.begin(watch, true);
	first.address = '';
	watches.begin(watchOf('a'), true);
	expect(ended([first, second])).toEqual([first, second]);
});

it('a watch that keeps looking for longer is not taken over', () => {
	const watches = new Watches();
	const first = watchOf('a', { until: Deadline.in(clock, 1_001) });
	watches.begin(first, true);
	expect(watches.begin(watchOf('a'), true)).toBe(false);
	expect(first.until.isOver).toBe(false);
});

it('a call that takes a watch over is worth as much as the earlier one, even if it knows less', () => {
	const { watches } = full();
	const mine = watchOf('payment 0', { isKnown: false });
	watches.begin(mine, true);
	expect(mine.isKnown).toBe(true);
});

it('an invented reference takes no place of a known payment, nor does a page that asks again', () => {
	const { watches, all } = full();
	expect(watches.begin(watchOf('invented', { isKnown: false }), true)).toBe(false);
	expect(watches.begin(watchOf('a page'), false)).toBe(false);
	expect(ended(all)).toEqual([]);
	expect(watches.begin(watchOf('a payment'), true)).toBe(true);
	expect(ended(all)).toEqual([all[0]]);
	expect(full({ isKnown: false }).watches.begin(watchOf('a page'), false)).toBe(true);
});

it.each([
	['of payments that Konnect does not know, one of the address that has most ends', false, 1],
	['of those that it knows, the one that has looked longest, whatever address has most', true, 0],
])('%s', (_name, isKnown, place) => {
	const { watches, all } = full({ isKnown });
	for (const watch of all.slice(1)) watch.address = 'of many';
	expect(watches.begin(watchOf('one more', { isKnown, address: 'of many' }), true)).toBe(true);
	expect(ended(all)).toEqual([all[place]]);
});

it('all watches of a payment are ended at once', () => {
	const watches = new Watches();
	const all = [watchOf('a'), watchOf('a', { address: 'signed' }), watchOf('b')];
	for (const watch of all) watches.begin(watch, true);
	watches.endAll('a');
	expect(ended(all)).toEqual(all.slice(0, 2));
});
