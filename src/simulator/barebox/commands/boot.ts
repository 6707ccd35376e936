import type { Barebox } from '../barebox.ts'
import type { BootEntry, Overrides } from '../boot/boot-entry.ts'
import { bootEntry } from '../boot/boot-one.ts'
import { findEntries } from '../boot/find-entries.ts'
import { Errno, errno } from '../errno.ts'
import { hasOption, optionValue, parseOptions, type Command } from './command.ts'
import { splitAssignment } from './global.ts'

/** Boots the first entry of the named sources that works. */
export const boot: Command = {
  summary: 'boot from script, device, ...',
  usage: '[-vdlmMwt] [BOOTSRC...]',
  run: async ({ barebox, argv }) => {
    const parsed = parseOptions(argv, 'vldmM:t:w:o:')
    const { variables } = barebox
    const seconds = optionValue(parsed, 'w')
    if (seconds !== undefined) variables.set('global.boot.watchdog_timeout', seconds)
    for (const letter of ['m', 'M', 't']) {
      if (hasOption(parsed, letter)) barebox.hardware.unsupported(`barebox: boot -${letter}`)
    }
    const overrides = parsed.options
      .filter(({ letter }) => letter === 'o')
      .reduce<Overrides>((all, { value }) => ({ ...all, ...readOverride(barebox, value) }), {})
    const sources =
      parsed.operands.length > 0
        ? parsed.operands
        : variables
            .global('boot.default')
            .split(' ')
            .filter((name) => name !== '')
    const dryRun = parsed.options.filter(({ letter }) => letter === 'd').length
    const options = { verbose: hasOption(parsed, 'v'), dryRun, overrides }
    const listing = hasOption(parsed, 'l')
    const listed: BootEntry[] = []
    for (const source of sources) {
      const { entries, known } = await findEntries(barebox, source)
      if (!known) await barebox.print(`Nothing bootable found on '${source}'\n`)
      if (listing) listed.push(...entries)
      else for (const entry of entries) if (await bootEntry(barebox, entry, options)) return 0
    }
    if (listed.length === 0) {
      await barebox.print('Nothing bootable found\n')
      return 1
    }
    await barebox.print('title\n------\n')
    for (const { title, description } of listed) await barebox.print(`${title}\n\t${description}\n`)
    return 0
  },
}

/** `-o [global.]bootm.PART[=FILE]`; without `=` the variable's value counts, unless it is empty. @throws Errno */
function readOverride(barebox: Barebox, word: string): Overrides {
  const { name, value } = splitAssignment(word.replace(/^global\./, ''))
  const given = value ?? (barebox.variables.global(name) || undefined)
  switch (name) {
    case 'bootm.image':
      if (given === undefined || given === '') throw new Errno(errno.invalid)
      return { image: given }
    case 'bootm.initrd':
      return given === undefined ? {} : { initrd: given }
    case 'bootm.oftree':
      return given === undefined ? {} : { oftree: given }
    default:
      throw new Errno(errno.invalid)
  }
}
