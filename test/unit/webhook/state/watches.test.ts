import { Deadline } from '../../../../nodes/Konnect/api/clock';
import type { Watch } from '../../../../nodes/Konnect/webhook/state/watches';
import { MOST_WATCHES, UNVERIFIED, Watches } from '../../../../nodes/Konnect/webhook/state/watches';
import { VirtualClock } from '../../../fixtures/virtualClock';

const clock = new VirtualClock();
const PLAIN = { address: '', signed: '', isOurs: false };
const OURS = { address: 'terms.signature', signed: 'terms.signature', isOurs: true };

const watchOf = (origin = PLAIN, isKnown = true): Watch => ({
	until: Deadline.in(clock, 1_000),
	...origin,
	isKnown,
});

it('a later call of the same address takes over the watch of a payment', () => {
	const watches = new Watches();
	const [first, second] = [watchOf(), watchOf()];
	expect(watches.begin('a', first, true)).toBe(true);
	expect(watches.begin('a', second, true)).toBe(true);
	expect([first.until.isOver, second.until.isOver]).toEqual([true, false]);
	watches.leave('a', first);
	expect(watches.has('a', '')).toBe(true);
	watches.leave('a', second);
	expect(watches.has('a', '')).toBe(false);
});

it('a watch that keeps looking for longer is not taken over', () => {
	const watches = new Watches();
	const [first, second] = [{ ...watchOf(), until: Deadline.in(clock, 1_001) }, watchOf()];
	watches.begin('a', first, true);
	expect(watches.begin('a', second, true)).toBe(false);
	expect(first.until.isOver).toBe(false);
});

it('each address has a watch of its own, but all with wrong signatures share one', () => {
	const watches = new Watches();
	const own = watchOf(OURS);
	const wrong = { address: UNVERIFIED, signed: 'wrong', isOurs: false };
	expect(watches.begin('a', own, true)).toBe(true);
	expect(watches.begin('a', watchOf(), true)).toBe(true);
	const [first, later] = [watchOf(wrong), watchOf(wrong)];
	expect(watches.begin('a', first, true)).toBe(true);
	expect(watches.begin('a', later, true)).toBe(true);
	expect(watches.begin('a', watchOf({ ...wrong, signed: 'forged' }), true)).toBe(false);
	expect([own, first, later].map(({ until }) => until.isOver)).toEqual([false, true, false]);
});

it('a call that takes a watch over is worth as much as the earlier one, even if it knows less', () => {
	const { watches, all } = full();
	const mine = watchOf({ ...PLAIN, isOurs: false }, false);
	watches.begin('payment 0', mine, true);
	expect(mine.isKnown).toBe(true);
	watches.begin('one more', watchOf(OURS), true);
	const later = watchOf({ ...OURS, isOurs: false }, false);
	watches.begin('one more', later, true);
	expect([later.isOurs, later.isKnown]).toEqual([true, true]);
	expect(all.filter(({ until }) => until.isOver)).toEqual([all[0]]);
	expect(mine.until.isOver).toBe(true);
});

const full = (origin = PLAIN, isKnown = true) => {
	const watches = new Watches();
	const all = Array.from({ length: MOST_WATCHES }, () => watchOf(origin, isKnown));
	for (const [n, watch] of all.entries()) watches.begin(`payment ${n}`, watch, true);
	return { watches, all };
};

it('a call that is worth less takes no place, nor a page that asks again unless it is worth more', () => {
	const { watches, all } = full(OURS);
	expect(watches.begin('unsigned', watchOf(), true)).toBe(false);
	expect(watches.begin('invented', watchOf(OURS, false), true)).toBe(false);
	expect(watches.begin('a page', watchOf(OURS), false)).toBe(false);
	expect(all.some(({ until }) => until.isOver)).toBe(false);
	expect(watches.begin('a payment', watchOf(OURS), true)).toBe(true);
	expect(full().watches.begin('a page', watchOf(OURS), false)).toBe(true);
});

it('the watch that is worth least ends first', () => {
	const { watches, all } = full();
	const [, , third] = all;
	if (third) third.isKnown = false;
	expect(watches.begin('one more', watchOf(), true)).toBe(true);
	expect(all.filter(({ until }) => until.isOver)).toEqual([third]);
});

it.each([
	['of payments that Konnect does not know, one of the address that has most ends', false, 1],
	['of those that it knows, the one that has looked longest, whatever address has most', true, 0],
])('%s', (_name, isKnown, ended) => {
	const { watches, all } = full(OURS, isKnown);
	for (const watch of all.slice(1)) watch.address = 'of many';
	expect(watches.begin('one more', watchOf(OURS, isKnown), true)).toBe(true);
	expect(all.map(({ until }) => until.isOver)).toEqual(all.map((_, n) => n === ended));
});

it('all watches of a payment are ended at once', () => {
	const watches = new Watches();
	const all = [watchOf(), watchOf(OURS)];
	for (const watch of all) watches.begin('a', watch, true);
	const other = watchOf();
	watches.begin('b', other, true);
	watches.end('a');
	expect(all.every(({ until }) => until.isOver)).toBe(true);
	expect(other.until.isOver).toBe(false);
});
