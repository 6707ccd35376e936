import { HilError } from '../../core/errors.ts'
import type { KernelRule } from '../../environment/environment.ts'
import { kernelRuleSchema, toKernelRule } from '../../environment/schema/kernel-log-schema.ts'
import type { AllowedFinding, LoadedFile, TestBegan } from '../group/protocol.ts'
import { shortPath } from '../run-start.ts'

/**
 * What a spec allows is checked before any board is touched.
 * @throws HilError `spec.bad-allow` (environment) for a rule that is wrong or expired
 */
export function assertAllowed({ file, requirements }: LoadedFile): void {
  const problems = requirements.flatMap(({ allow }) => allow.flatMap(problemsOf))
  if (problems.length === 0) return
  throw new HilError('spec.bad-allow', `${shortPath(file)}: useBoard({ allow }): ${problems.join('; ')}`, {
    blame: 'environment',
    details: { file, problems },
  })
}

/** The rules for one board. @param primary the board that `useBoard` without a name means */
export function rulesFor(
  board: string,
  primary: string | undefined,
  allowed: TestBegan['allow'],
): readonly KernelRule[] {
  return allowed
    .filter((each) => (each.board ?? primary) === board)
    .flatMap(({ allow }) => allow)
    .flatMap((rule) => kernelRuleSchema.safeParse(rule).data ?? [])
    .map(toKernelRule)
}

function problemsOf(rule: AllowedFinding): readonly string[] {
  const name = rule.signature ?? rule.pattern ?? 'a rule'
  const { error } = kernelRuleSchema.safeParse(rule)
  return (error?.issues ?? []).map(
    ({ path, message }) => `${[JSON.stringify(name), ...path].join(' ')}: ${message}`,
  )
}
