import { didYouMean } from '../../core/did-you-mean.ts'
import { HilError } from '../../core/errors.ts'
import { stageOrder } from '../../kernel/stages/stage.ts'
import { finalAttempt } from '../run-record.ts'
import type { RecordedBoot, RecordedRun } from '../boots/recorded-boot.ts'

/** Which boot of a run to take, where a person said so. */
export interface BootChoice {
  readonly board?: string | undefined
  /** From 1. */
  readonly boot?: number | undefined
}

/**
 * Takes a boot of each run: of the board that was named, or the only one, or the only one that both have; of its
 * boots the one in which the run first failed, or the first whose kernel gave up, or the last of those that came
 * furthest: a test of the bootloader leaves boots behind that say nothing of the kernel.
 * @throws HilError `report.boot` (environment) where that can't be told, or is not there
 */
export function chooseBoots(
  a: RecordedRun,
  b: RecordedRun,
  choiceA: BootChoice,
  choiceB: BootChoice,
): readonly [RecordedBoot, RecordedBoot] {
  const both = [...a.boots.keys()].filter((board) => b.boots.has(board))
  const common = both.length === 1 ? both[0] : undefined
  return [chooseBoot(a, choiceA, common), chooseBoot(b, choiceB, common)]
}

function chooseBoot(run: RecordedRun, choice: BootChoice, common: string | undefined): RecordedBoot {
  const boots = run.boots.get(chooseBoard(run, choice, common)) ?? []
  const found = choice.boot === undefined ? bootOfFailure(run, boots) : boots[choice.boot - 1]
  if (found !== undefined) return found
  throw wrong(`there is no boot ${choice.boot} in ${run.source}: it has ${boots.length}`)
}

function chooseBoard(run: RecordedRun, { board }: BootChoice, common: string | undefined): string {
  const names = [...run.boots.keys()]
  const [only = '', ...others] = names
  // A bare log has no board's name.
  if (board !== undefined && run.record !== undefined) {
    if (names.includes(board)) return board
    throw wrong(`there is no board "${board}" in ${run.source}${didYouMean(board, names)}`)
  }
  if (others.length === 0) return only
  if (common !== undefined) return common
  throw wrong(`${run.source} is of the boards ${names.join(', ')}: choose one with --board`)
}

function bootOfFailure(run: RecordedRun, boots: readonly RecordedBoot[]): RecordedBoot | undefined {
  const board = boots[0]?.board ?? ''
  const failures = (run.record?.specs ?? [])
    .flatMap(({ tests }) => tests)
    .map((test) => finalAttempt(test)?.ended)
    .flatMap((ended) => (ended?.outcome === 'failed' ? [ended.console[board]?.[1] ?? Infinity] : []))
  if (failures.length === 0) {
    const isFatal = ({ findings }: RecordedBoot) => findings.some(({ level }) => level === 'fatal')
    const furthest = Math.max(...boots.map(reached))
    return boots.find(isFatal) ?? boots.findLast((boot) => reached(boot) === furthest)
  }
  const failedAt = Math.min(...failures)
  return boots.findLast(({ offset }, index) => index === 0 || offset < failedAt)
}

/** How far a boot came, by the order of stages. */
function reached({ stages }: RecordedBoot): number {
  return Math.max(-1, ...stages.map(({ name }) => stageOrder.indexOf(name)))
}

function wrong(sentence: string): HilError {
  return new HilError('report.boot', sentence, { blame: 'environment' })
}
