import { FileTreeError, resolvePath } from '../../files/file-tree.ts'
import { UsageError, parseOptions, type Command } from './command.ts'

export const cat: Command = {
  summary: 'concatenate file(s) to stdout',
  usage: '[-ao] FILE...',
  run: async ({ barebox, argv }) => {
    const { options, operands } = parseOptions(argv, 'a:o:')
    if (operands.length === 0) throw new UsageError()
    const target = options.at(-1)
    if (target?.letter === 'o') barebox.files.write(resolvePath(barebox.directory, target.value), '')
    for (const name of operands) {
      try {
        const text = await barebox.files.read(resolvePath(barebox.directory, name))
        if (target !== undefined)
          barebox.files.write(resolvePath(barebox.directory, target.value), text, true)
        else await barebox.print(text.replace(/[^\n\t -~]/g, '.'))
      } catch (error) {
        if (!(error instanceof FileTreeError)) throw error
        await barebox.print(`could not open ${name}: ${error.message}\n`)
        return 1
      }
    }
    return 0
  },
}
