import { BootFailure } from '../boot/boot-entry.ts'
import { bootm as bootImage } from '../boot/bootm.ts'
import { hasOption, optionValue, parseOptions, type Command } from './command.ts'

export const bootm: Command = {
  summary: 'boot an application image',
  usage: '[-cdfrLaeov] IMAGE',
  run: async ({ barebox, argv }) => {
    const parsed = parseOptions(argv, 'csdfr:L:a:e:o:v')
    for (const letter of [...'csfLae']) {
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
        overrides: {},
        fromEntry: false,
      })
      return 0
    } catch (error) {
      if (!(error instanceof BootFailure)) throw error
      await barebox.print(`handler failed with: ${error.message}\n`)
      return 1
    }
  },
}
