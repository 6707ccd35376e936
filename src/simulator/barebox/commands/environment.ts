import { saveVariables } from '../save-variables.ts'
import { UsageError, type Command } from './command.ts'
import { splitAssignment } from './global.ts'

export const exportVariable: Command = {
  summary: 'export environment variables',
  usage: 'VAR[=VALUE]',
  run: ({ barebox, argv }) => {
    if (argv.length < 2) throw new UsageError()
    for (const word of argv.slice(1)) {
      const { name, value } = splitAssignment(word)
      const exported = value ?? barebox.variables.get(name)
      if (exported !== undefined) barebox.variables.export(name, exported)
    }
    return 0
  },
}

/** `setenv NAME [VALUE]` or `setenv NAME=VALUE`; without a value the variable is removed. */
export const setenv: Command = {
  summary: 'set environment variable',
  usage: 'NAME [VALUE]',
  run: ({ barebox, argv }) => {
    const [, word, second] = argv
    if (word === undefined) throw new UsageError()
    const { name, value = second } = splitAssignment(word)
    if (value === undefined) barebox.variables.unset(name)
    else barebox.variables.set(name, value)
    return 0
  },
}

export const printenv: Command = {
  summary: 'print value of environment variables',
  usage: '[VARIABLE]',
  run: async ({ barebox, argv }) => {
    const { variables } = barebox
    const name = argv[1]
    if (argv.length === 2 && name !== undefined) {
      const value = variables.get(name)
      await barebox.print(value === undefined ? `## Error: "${name}" not defined\n` : `${name}=${value}\n`)
      return value === undefined ? 1 : 0
    }
    const lines = (values: Iterable<[string, string]>) =>
      [...values].map(([key, value]) => `${key}=${value}\n`).join('')
    await barebox.print(`locals:\n${lines(variables.locals)}globals:\n${lines(variables.exported)}`)
    return 0
  },
}

export const saveenv: Command = {
  summary: 'save environment to persistent storage',
  usage: '[-z] [ENVFS [DIRECTORY]]',
  run: async ({ barebox, argv }) => {
    if (argv.length > 1) barebox.hardware.unsupported(`barebox: ${argv.join(' ')}`)
    await saveVariables(barebox, { quiet: true })
    barebox.hardware.storage.environmentSaved = true
    await barebox.print('saving environment to /dev/nor0.barebox-environment\n')
    return 0
  },
}
