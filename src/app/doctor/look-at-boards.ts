import type { Examination } from '../../core/examination.ts'
import type { StepResult } from '../../core/examination.ts'
import { lookingSteps } from './board-steps.ts'
import { exitCodeOf, type Examined, type Patient, type Telling } from './examined.ts'
import { examine } from './examine.ts'
import { resultLines, styleOf } from './tell.ts'

/** What can be told of boards without opening or switching anything. */
export async function lookAtBoards(
  patients: readonly Patient[],
  { screen, isQuiet, margin }: Telling,
): Promise<Examined> {
  const style = styleOf(screen.output)
  const examinations: Examination[] = []
  for (const { spec } of patients) {
    const onResult = (result: StepResult) => {
      if (!isQuiet) screen.print(resultLines(result, margin(spec.name), style))
    }
    const options = { board: spec.name, bench: { spec }, signal: new AbortController().signal, onResult }
    examinations.push(await examine({ ...options, steps: lookingSteps }))
  }
  return { examinations, exitCode: exitCodeOf(examinations) }
}
