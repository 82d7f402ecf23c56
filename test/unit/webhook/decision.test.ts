import type { Connection } from '../../../nodes/Konnect/api/connection';
import type { Payment } from '../../../nodes/Konnect/payment/payment';
import type { Decision } from '../../../nodes/Konnect/webhook/decision';
import { Current, Final, ownerProblemOf, Settled } from '../../../nodes/Konnect/webhook/decision';
import type { Fact } from '../../../nodes/Konnect/webhook/state/singleflight';
import { says } from '../../fixtures/calls';
import { connection } from '../../fixtures/konnect';

/** Never called. The compiler reads it, and fails where one of the marked lines compiles. */
export function mustNotCompile(payment: Payment, stale: Fact<Connection>, seen: Fact<'notFound'>) {
	const current = Current.of(stale, { at: 0 }) as Current<Connection>;
	// @ts-expect-error only its own methods make one
	const made = new Final('done', '');
	// @ts-expect-error a fact may be older than the call
	const notFound = Final.notFound(seen, current, '');
	// @ts-expect-error a fact may be older than the call
	const unsigned = Final.unsigned(stale, '');
	// @ts-expect-error an object is not one
	const literal: Final = { kind: 'notFound', reason: '' };
	// @ts-expect-error a payment may still change
	const notChosen = Final.notChosen(payment, '');
	// @ts-expect-error only facts that are new enough make one
	const old = new Current(connection);
	// @ts-expect-error only payments that have ended make one
	const settled = new Settled('', 'paid');
	// @ts-expect-error an object is not one
	const fake: Current<Connection> = { value: connection };
	// @ts-expect-error a state that can still change is never final
	const pending: Decision = { kind: 'done', reason: '', state: 'pending' };
	return [made, notFound, unsigned, literal, notChosen, old, settled, fake, pending];
}

it('a fact is current if it was asked for when the call came or later', () => {
	expect(Current.of({ value: 1, askedAt: 9 }, { at: 10 })).toBeUndefined();
	expect(Current.of({ value: 1, askedAt: 10 }, { at: 10 })?.value).toBe(1);
});

it.each([
	[{ status: 'completed' }, 'paid'],
	[{ status: 'expired' }, 'expired'],
	[{ status: 'pending' }, undefined],
	[{ status: 'frozen' }, undefined],
])('a payment with %j is settled as %s', (changes, state) => {
	const outcome = says(changes);
	if (!outcome.ok) throw new Error('not read');
	expect(Settled.of(outcome.value)?.state).toBe(state);
});

it('the owner is told only of a paid payment whose terms differ, and in what', () => {
	const current = <T>(value: T) => Current.of({ value, askedAt: 0 }, { at: 0 }) as Current<T>;
	const differences = [
		{ field: 'amount', expected: 5, actual: 7 },
		{ field: 'orderId', expected: 'A', actual: null },
	] as const;
	const refused = (status: string) => {
		const outcome = says({ status });
		const settled = outcome.ok && (Settled.of(outcome.value) as Settled);
		return Final.mismatched(current(settled as Settled), current(connection), differences);
	};
	expect(ownerProblemOf(refused('expired'))).toBeUndefined();
	expect(ownerProblemOf(Final.malformed('no reference'))).toBeUndefined();
	expect(ownerProblemOf({ why: 'late' })).toBeUndefined();
	expect(ownerProblemOf(refused('completed'))?.description).toContain(
		'amount should be 5 and is 7; orderId should be A and is missing.',
	);
});
