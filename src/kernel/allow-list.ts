import type { Finding } from './finding.ts'

/** A finding that is known and accepted: it counts as `info`. */
export interface AllowRule {
  /** The signature exactly, or a bounded pattern that its title or signature matches. */
  readonly match: string | RegExp
  /** Why it is accepted. */
  readonly reason: string
}

/** Why a finding is accepted; `undefined` where it is not. Fatal ones never are. */
export function excuseFor(
  finding: Pick<Finding, 'title' | 'signature' | 'level'>,
  rules: readonly AllowRule[],
): string | undefined {
  if (finding.level === 'fatal') return undefined
  return rules.find(({ match }) => matches(finding, match))?.reason
}

function matches(
  { title, signature }: Pick<Finding, 'title' | 'signature'>,
  match: string | RegExp,
): boolean {
  if (typeof match === 'string') return match === signature || match === title
  // A pattern with the flag `g` remembers where it was.
  return [title, signature].some((text) => text.search(match) !== -1)
}
