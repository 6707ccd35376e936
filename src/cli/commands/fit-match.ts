import { defineCommand } from '../command.ts'
import { once } from '../shared-options.ts'
import { usageError } from '../usage-error.ts'

export const fitMatch = defineCommand({
  positionals: {
    file: { type: 'string', demandOption: true, description: 'A FIT image' },
  },
  options: {
    compatible: {
      type: 'string',
      alias: 'c',
      demandOption: true,
      requiresArg: true,
      description: "The board's own compatible strings, most specific first; ';' or a space separates them",
      coerce: once('--compatible'),
    },
    for: {
      type: 'string',
      choices: ['barebox', 'uboot'] as const,
      requiresArg: true,
      description: 'Ask for this bootloader only',
    },
  },
  examples: [
    ["hil fit match image.fit -c 'radxa,rock3a rockchip,rk3568'", 'see what barebox and U-Boot would boot'],
  ],
  async run({ file, compatible, for: bootloader }) {
    const names = compatible.split(/[\s;]+/).filter((name) => name !== '')
    if (names.length === 0) throw usageError('--compatible is empty')
    const { matchFitCommand } = await import('../../app/fit/match.ts')
    const bootloaders = bootloader === undefined ? (['barebox', 'uboot'] as const) : [bootloader]
    return matchFitCommand({ file, compatible: splitPairs(names), bootloaders })
  },
})

/** Also takes `a,b,c,d` for `a,b` and `c,d`: a compatible is a vendor and a model. */
function splitPairs(names: readonly string[]): string[] {
  return names.flatMap((name) => name.match(/[^,]+(?:,[^,]+)?/g) ?? [])
}
