import { readBoots } from '../../report/boots/read-boots.ts'
import { chooseBoots } from '../../report/diff/choose-boots.ts'
import { compareBoots } from '../../report/diff/compare-boots.ts'
import { diffHtml } from '../../report/diff/diff-html.ts'
import { diffText } from '../../report/diff/diff-text.ts'
import { isPage, writeOutput } from './report-output.ts'

/** `hil report diff`, as it was typed. */
export interface ReportDiffArguments {
  /** Reports, or console logs. */
  readonly a: string
  readonly b: string
  /** One for both, or one for each. */
  readonly boards: readonly string[]
  /** From 1; one for both, or one for each. */
  readonly boots: readonly number[]
  /** A page where it ends in `.html`. */
  readonly output: string | undefined
  readonly full: boolean
}

/**
 * Puts two boots side by side.
 * @returns the exit code: 0 whether they differ or not
 * @throws HilError `report.events`, `report.unreadable`, `report.boot`, `report.output` (environment)
 */
export async function diffReports(args: ReportDiffArguments, cwd = process.cwd()): Promise<number> {
  const { boards, boots, output, full } = args
  const runs = [await readBoots(args.a), await readBoots(args.b)] as const
  const [a, b] = chooseBoots(
    ...runs,
    { board: boards[0], boot: boots[0] },
    { board: boards.at(-1), boot: boots.at(-1) },
  )
  const diff = compareBoots(a, b)
  writeOutput(output, isPage(output) ? diffHtml(diff, runs) : diffText(diff, runs, { full }), cwd)
  return 0
}
