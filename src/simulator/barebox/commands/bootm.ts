import { BootFailure } from '../boot/boot-entry.ts'
import { bootm as bootImage } from '../boot/bootm.ts'
import type { Verify } from '../boot/fit-image.ts'
import { hasOption, optionValue, parseOptions, type Command, type ParsedOptions } from './command.ts'

export const bootm: Command = {
  summary: 'boot an application image',
  usage: '[-cdfrLaeov] IMAGE',
  run: async ({ barebox, argv }) => {
    const parsed = parseOptions(argv, 'csdfr:L:a:e:o:v')
    for (const letter of [...'fLae']) {
      if (hasOption(parsed, letter)) barebox.hardware.unsupported(`barebox: bootm -${letter}`)
    }
    const image = parsed.operands[0] ?? barebox.variables.global('bootm.image')
    if (image === '') {
      await barebox.print('no boot image given\n')
      return 1
    }
    barebox.bootAttempts += 1
    try {
      await bootImage(barebox, {
        image,
        initrd: optionValue(parsed, 'r'),
        oftree: optionValue(parsed, 'o'),
        verbose: hasOption(parsed, 'v'),
        dryRun: hasOption(parsed, 'd'),
        ...verifyOf(parsed),
        overrides: undefined,
      })
      return 0
    } catch (error) {
      if (!(error instanceof BootFailure)) throw error
      await barebox.print(`handler failed with: ${error.message}\n`)
      return 1
    }
  },
}

function verifyOf(parsed: ParsedOptions): { readonly verify?: Verify } {
  if (hasOption(parsed, 's')) return { verify: 'signature' }
  return hasOption(parsed, 'c') ? { verify: 'hash' } : {}
}
