import type { Barebox } from '../barebox.ts'
import { saveVariables } from '../save-variables.ts'
import { UsageError, hasOption, parseOptions, type Command } from './command.ts'
import { splitAssignment } from './global.ts'

/** Variables that survive: they are stored when barebox ends, or by `nv -s`. */
export const nv: Command = {
  summary: 'create, set or remove non volatile (NV) variables',
  usage: '[-r] VAR[=VALUE] ...',
  run: async ({ barebox, argv }) => {
    const parsed = parseOptions(argv, 'rs')
    const { variables } = barebox
    if (argv.length === 1) {
      const names = [...variables.persistent.keys()].sort()
      for (const name of names) await barebox.print(`  ${name}: ${variables.persistent.get(name) ?? ''}\n`)
      return 0
    }
    if (hasOption(parsed, 's')) {
      await saveVariables(barebox, { quiet: true })
      return 0
    }
    if (parsed.operands.length === 0) throw new UsageError('Invalid usage: Missing argument')
    let status = 0
    for (const word of parsed.operands) {
      const { name, value = '' } = splitAssignment(word)
      if (!hasOption(parsed, 'r')) {
        variables.setPersistent(name, value)
        await noteChange(barebox)
      } else if (variables.removePersistent(name)) await noteChange(barebox)
      else {
        await barebox.print(`Failed removing ${name}: No such file or directory\n`)
        status = 1
      }
    }
    return status
  },
}

async function noteChange({ hardware, print }: Barebox): Promise<void> {
  const { storage } = hardware
  if (storage.bareboxDirty) return
  storage.bareboxDirty = true
  await print('nv variable modified, will save nv variables on shutdown\n')
}
