import { now } from '../../core/clock.ts'
import { startDeadline } from '../../core/deadline.ts'
import type { Examination, StepFinding, StepId, StepResult } from '../../core/examination.ts'
import { finishBy } from '../../core/finish-by.ts'
import { gravest, verdictOf, type Verdict } from '../../core/verdicts.ts'
import { failedBy, type Step } from './step.ts'

interface ExamineOptions<Bench> {
  readonly board: string
  readonly bench: Bench
  readonly steps: readonly Step<Bench>[]
  /** Comes at the end, whatever was before, and in its own time. */
  readonly last?: Step<Bench>
  /** Ends the examination early; the last step comes all the same. */
  readonly signal: AbortSignal
  readonly onStart?: (step: Step<Bench>) => void
  readonly onResult: (result: StepResult) => void
}

/** Why nothing more was tried. */
export const interrupted = 'it was interrupted'

/** Takes one step after the other; one that failed leaves out those that need it, and those alone. */
export async function examine<Bench>(options: ExamineOptions<Bench>): Promise<Examination> {
  const { board, bench, steps, last, signal, onStart, onResult } = options
  const startedAt = now()
  const results = new Map<StepId, StepResult>()
  /** Could not be tried, so that nothing can be that needs them. */
  const untried = new Set<StepId>()
  const take = async (step: Step<Bench>, obstacle: string | undefined, ending?: AbortSignal) => {
    if (obstacle !== undefined) untried.add(step.id)
    const result = obstacle === undefined ? await attempt(step, ending) : skipped(step, obstacle)
    results.set(step.id, result)
    onResult(result)
  }
  for (const step of steps) {
    await take(step, signal.aborted ? interrupted : obstacleOf(step), signal)
  }
  if (last !== undefined) await take(last, undefined)
  const taken = [...results.values()]
  return { board, verdict: verdictOfSteps(taken), durationMs: now() - startedAt, steps: taken }

  async function attempt(step: Step<Bench>, ending: AbortSignal | undefined): Promise<StepResult> {
    onStart?.(step)
    const { id, title, budgetMs, advice } = step
    const began = now()
    using t = startDeadline(budgetMs, `${board}: ${title}`, ending === undefined ? {} : { signal: ending })
    try {
      const found = await finishBy(step.run(bench, t), t)
      if ('nothingToTry' in found) return skipped(step, found.nothingToTry)
      return { id, title, outcome: worst(found), findings: found, durationMs: now() - began }
    } catch (error) {
      if (ending?.aborted) return skipped(step, interrupted)
      const findings = [failedBy(error, advice)]
      return { id, title, outcome: 'failed', findings, durationMs: now() - began }
    }
  }

  /** Why a step can't be tried. What was left out because there is nothing to try stands in nobody's way. */
  function obstacleOf({ needs }: Step<Bench>): string | undefined {
    for (const id of needs) {
      const needed = results.get(id)
      if (needed?.outcome === 'failed') return `"${needed.title}" failed`
      if (needed?.outcome === 'skipped' && untried.has(id)) return needed.reason
    }
    return undefined
  }
}

function skipped<Bench>({ id, title }: Step<Bench>, reason: string): StepResult {
  return { id, title, outcome: 'skipped', findings: [], reason, durationMs: 0 }
}

function worst(findings: readonly StepFinding[]): StepFinding['level'] {
  const levels = findings.map(({ level }) => level)
  return levels.includes('failed') ? 'failed' : levels.includes('warn') ? 'warn' : 'ok'
}

function verdictOfSteps(steps: readonly StepResult[]): Verdict {
  const blames = steps.flatMap(({ findings }) => findings.flatMap(({ blame }) => blame ?? []))
  return gravest(blames.map(verdictOf))
}
