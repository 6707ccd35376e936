import { HilError } from '../../core/errors.ts'
import type { Examination } from '../../core/examination.ts'
import { gravest, verdicts } from '../../core/verdicts.ts'
import type { BoardSpec, Environment } from '../../environment/environment.ts'
import type { Screen } from '../../report/terminal/screen.ts'

/** A board, and the file it is declared in. */
export interface Patient {
  readonly environment: Environment
  readonly spec: BoardSpec
}

/** What is shown while it goes on. */
export interface Telling {
  readonly screen: Screen
  /** Nothing is to be printed but the result. */
  readonly isQuiet: boolean
  /** In front of each line, or not, for there is only one. */
  readonly margin: (board: string) => string
}

/** What a board's examination ends with. */
export interface Examined {
  readonly examinations: readonly Examination[]
  readonly exitCode: number
}

/** The exit code of what was found out, where nobody interrupted it. */
export function exitCodeOf(examinations: readonly Examination[]): number {
  return verdicts[gravest(examinations.map(({ verdict }) => verdict))].exit
}

/** What failed first, as the error a run would end with. */
export function firstFailure(examinations: readonly Examination[]): HilError | undefined {
  for (const { board, steps } of examinations) {
    for (const { id, findings } of steps) {
      const found = findings.find(({ level }) => level === 'failed')
      if (found?.blame === undefined) continue
      return new HilError(`doctor.${id}`, `${board}: ${found.words}`, {
        blame: found.blame,
        details: { board, step: id, advice: found.advice },
      })
    }
  }
  return undefined
}
