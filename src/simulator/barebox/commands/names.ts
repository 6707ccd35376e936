import * as path from 'node:path/posix'
import { UsageError, hasOption, parseOptions, type Command } from './command.ts'

export const basename: Command = {
  summary: 'strip directory and suffix from filenames',
  usage: 'PATH VAR',
  run: ({ barebox, argv }) => {
    const [, name, variable] = argv
    if (name === undefined || variable === undefined) throw new UsageError()
    barebox.variables.set(variable, path.basename(name))
    return 0
  },
}

export const dirname: Command = {
  summary: 'strip last component from a path',
  usage: '[-V] NAME DIRNAME',
  run: ({ barebox, argv }) => {
    const parsed = parseOptions(argv, 'V')
    const [name, variable] = parsed.operands
    if (name === undefined || variable === undefined) throw new UsageError()
    if (hasOption(parsed, 'V')) barebox.hardware.unsupported('barebox: dirname -V')
    barebox.variables.set(variable, path.dirname(name))
    return 0
  },
}
