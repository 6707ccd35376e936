import { matchFit, type FitBootloader } from '../../codecs/fit/index.ts'
import { verdictOf, verdicts } from '../../core/verdicts.ts'
import { withFit } from './with-fit.ts'

export interface FitMatchArguments {
  readonly file: string
  /** The board's own, most specific first. */
  readonly compatible: readonly string[]
  readonly bootloaders: readonly FitBootloader[]
}

const names: Readonly<Record<FitBootloader, string>> = { barebox: 'barebox', uboot: 'U-Boot' }

/** `hil fit match`: which configuration each bootloader takes. @returns 0 when each takes a right one */
export async function matchFitCommand(
  { file, compatible, bootloaders }: FitMatchArguments,
  cwd = process.cwd(),
): Promise<number> {
  let isMatched = true
  await withFit(file, cwd, async (source, fit) => {
    for (const bootloader of bootloaders) {
      const match = await matchFit(source, fit, { board: compatible, bootloader })
      const how = match.how === 'compatible' ? `by "${match.matched ?? ''}"` : match.how
      process.stdout.write(`${names[bootloader]}: ${match.configuration ?? 'no configuration'} (${how})\n`)
      for (const { message } of match.warnings) process.stdout.write(`  warning: ${message}\n`)
      isMatched &&= match.how === 'compatible'
    }
  })
  return isMatched ? 0 : verdicts[verdictOf('payload')].exit
}
