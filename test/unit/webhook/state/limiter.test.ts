import { Limiter } from '../../../../nodes/Konnect/webhook/state/limiter';
import { VirtualClock } from '../../../fixtures/virtualClock';

const MINUTE = 60_000;

it('a limiter has so many places in any minute', async () => {
	const clock = new VirtualClock();
	const limiter = new Limiter(clock, 2);
	limiter.take();
	await clock.advance(10);
	expect([limiter.count(), limiter.freeAt() <= clock.now()]).toEqual([1, true]);
	limiter.take();
	expect([limiter.count(), limiter.freeAt()]).toEqual([2, MINUTE]);
	await clock.advance(MINUTE - 11);
	expect(limiter.freeAt()).toBe(MINUTE);
	await clock.advance(1);
	expect([limiter.count(), limiter.freeAt() <= clock.now()]).toEqual([1, true]);
});

it('a limiter takes a place back as if it had never been taken, though no two readings of the clock are the same', () => {
	const clock = new VirtualClock();
	let time = 0;
	clock.now = () => (time += 0.001);
	const limiter = new Limiter(clock, 1);
	const giveBack = limiter.take();
	expect(limiter.freeAt()).toBeGreaterThan(MINUTE);
	giveBack();
	expect(limiter.freeAt()).toBe(-Infinity);
});
