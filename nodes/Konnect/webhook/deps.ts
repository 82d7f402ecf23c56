import type { Deadline } from '../api/clock';
import type { Connection } from '../api/connection';
import { identityOf } from '../api/connection';
import type { Outcome } from '../api/payments';
import type { Payment } from '../payment/payment';
import type { Result } from '../payment/result';
import type { Decision } from './decision';
import { NO_CREDENTIAL } from './decision';
import type { UsedCredential } from './state/credential';
import type { NodeState } from './state/nodeState';

/** What a decision needs of the world. */
export interface Deps {
	/** When the call must be answered; with the clock of all that is waited for. */
	deadline: Deadline;
	/** What all calls of the node share. */
	state: NodeState;
	credential: UsedCredential;
	/** @param isReread the read can be done without: it is not to wait where Konnect has asked to slow down */
	read(connection: Connection, paymentRef: string, isReread: boolean): Promise<Outcome<Payment>>;
}

export const keyOf = (connection: Connection, paymentRef: string) =>
	`${identityOf(connection)} ${paymentRef}`;

/**
 * Reads a payment with the other calls that ask for it now.
 *
 * @param goodSince of the clock: what Konnect was asked since then serves the call where nothing newer comes in time
 */
export async function readPayment(
	{ state, deadline, read }: Deps,
	connection: Connection,
	paymentRef: string,
	{ isReread = false, goodSince = Infinity } = {},
): Promise<Outcome<Payment> | 'late'> {
	return await state.reads.read({
		key: keyOf(connection, paymentRef),
		deadline,
		isReread,
		goodSince,
		begin: async (again) => await read(connection, paymentRef, again),
	});
}

/** What a credential read anew may answer differently: it may have been changed, or be of another environment now. */
const MAY_BE_THE_CREDENTIAL: ReadonlyArray<Decision['kind']> = [
	'unsigned',
	'misconfigured',
	'notFound',
	'mismatched',
];

/** Of these, what Konnect was asked for. */
const ASKED: ReadonlyArray<Decision['kind']> = ['notFound', 'misconfigured', 'mismatched'];

/**
 * Decides with the credential as last read. Where that refuses the call it may have been changed since, so it is read anew, and
 * another one gets its chance. Where it cannot be read nobody knows whether the refusal is right.
 */
export async function withCredential(
	deps: Deps,
	decide: (connection: Connection) => Promise<Decision>,
): Promise<Decision> {
	const { credential } = deps.state;
	const begun = deps.deadline.clock.now();
	const inTime = async (reading: Promise<Result<Connection> | undefined>) =>
		await Promise.race([reading, deps.deadline.whenOver().then(() => undefined)]);
	const known = await inTime(credential.get(deps.credential));
	if (!known) return NO_CREDENTIAL;
	const decision = await tryWith(known, decide);
	if (!MAY_BE_THE_CREDENTIAL.includes(decision.kind)) return decision;
	// Where Konnect was asked, the credential must be as it was when the call came.
	const wasAsked = known.ok && ASKED.includes(decision.kind);
	const current = await inTime(credential.readAnew(deps.credential, wasAsked ? begun : undefined));
	if (!current) return NO_CREDENTIAL;
	const isTheSame = JSON.stringify(current) === JSON.stringify(known);
	return isTheSame ? decision : await tryWith(current, decide);
}

const tryWith = async (
	connected: Result<Connection>,
	decide: (connection: Connection) => Promise<Decision>,
): Promise<Decision> =>
	connected.ok
		? await decide(connected.value)
		: { kind: 'misconfigured', problem: connected.problem };
