import type { Finding } from './hold';
import { differing } from './hold';
import { strip } from './strip';
import type { Account } from './talk';
import { MOST_REQUESTS } from './talk';

const shown = (value: unknown, account: Account) => JSON.stringify(strip(value, account));

function lineOf(finding: Finding, account: Account): string[] {
	const { says, settles, isRelied, expected } = finding.belief;
	const question = settles === undefined ? '' : ` [question ${settles}]`;
	if ('skipped' in finding) return [`  –  ${says}${question}: not looked at, ${finding.skipped}`];
	if (finding.holds) return [`  ✓  ${says}${question}`];
	return [
		`  ✗  ${says}${question}${isRelied ? ' – the nodes rely on it' : ''}`,
		`       expected  ${shown(expected, account)}`,
		`       seen      ${shown(finding.seen, account)}`,
	];
}

/** What was found, for people to read: each belief, and if it does not hold, what was expected and what was seen. */
export function reportOf(findings: readonly Finding[], requests: number, account: Account): string {
	const count = differing(findings).length;
	const sum =
		count === 0 ? 'Nothing differs from what we believe' : `${count} of our beliefs do not hold`;
	return [
		`Konnect at ${new URL(account.baseUrl).host}:`,
		...findings.flatMap((finding) => lineOf(finding, account)),
		'',
		`${sum}. ${requests} requests were spent, of at most ${MOST_REQUESTS}.`,
	].join('\n');
}
