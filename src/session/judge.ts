import { blameOf } from '../core/errors.ts'
import { gravest, interruptedExit, verdictOf, verdicts, type Verdict } from '../core/verdicts.ts'
import { readerError } from './event-bus.ts'
import type { GroupOutcome } from './group/group-run.ts'
import type { RunOutcome, RunSpecsOptions } from './run-options.ts'

/** What a run means, from what its groups came to. */
export function judge(
  groups: readonly GroupOutcome[],
  options: Pick<RunSpecsOptions, 'exitMode' | 'failOnFlaky' | 'readerFailures'>,
  interruptedBy: keyof typeof interruptedExit | undefined,
): RunOutcome {
  const results = groups.flatMap((group) => group.results)
  // An interruption is no error of anybody's.
  const errors = interruptedBy === undefined ? groups.flatMap(({ error }) => error ?? []) : []
  const tests = gravest([
    ...results.flatMap(({ verdict }) => verdict ?? []),
    ...errors.map((error) => verdictOf(blameOf(error))),
  ])
  // What failed at the end must not hide what the run was for.
  const late = [...groups.flatMap(({ releaseErrors }) => releaseErrors), ...broken(options)]
  const verdict = isPass(tests) ? gravest([tests, ...late.map((error) => verdictOf(blameOf(error)))]) : tests
  const error = errors[0] ?? late[0]
  return {
    verdict,
    exitCode: exitCodeOf(verdict, options, interruptedBy),
    counts: {
      passed: results.filter((result) => result.verdict === 'passed').length,
      failed: results.filter(({ outcome }) => outcome === 'failed').length,
      skipped: results.filter(({ outcome }) => outcome === 'skipped').length,
      flaky: results.filter((result) => result.verdict === 'flaky').length,
    },
    ...(error !== undefined && { error }),
  }
}

function isPass(verdict: Verdict): boolean {
  return verdict === 'passed' || verdict === 'flaky'
}

function broken({ readerFailures }: Pick<RunSpecsOptions, 'readerFailures'>): readonly Error[] {
  const error = readerError(readerFailures?.() ?? [])
  return error === undefined ? [] : [error]
}

function exitCodeOf(
  verdict: Verdict,
  { exitMode, failOnFlaky }: Pick<RunSpecsOptions, 'exitMode' | 'failOnFlaky'>,
  interruptedBy: keyof typeof interruptedExit | undefined,
): number {
  if (interruptedBy !== undefined) return interruptedExit[interruptedBy]
  if (verdict === 'flaky' && failOnFlaky) return verdicts['test-failed'].exit
  return exitMode === 'bisect' ? verdicts[verdict].bisect : verdicts[verdict].exit
}
