import { FileTreeError, resolvePath } from '../../files/file-tree.ts'
import { UsageError, parseOptions, type Command } from './command.ts'

export const cd: Command = async (barebox, argv) => {
  const target = argv[1] ?? '/'
  const path = resolvePath(barebox.directory, target)
  const node = await barebox.files.find(path)
  if (node?.type !== 'directory') {
    await barebox.print(`chdir: ${node === undefined ? 'No such file or directory' : 'Not a directory'}\n`)
    return 1
  }
  barebox.directory = path
  return 0
}

export const pwd: Command = async (barebox) => {
  await barebox.print(`${barebox.directory}\n`)
  return 0
}

export const cat: Command = async (barebox, argv) => {
  const { operands } = parseOptions(argv, '')
  if (operands.length === 0) throw new UsageError('')
  for (const name of operands) {
    try {
      const text = await barebox.files.read(resolvePath(barebox.directory, name))
      await barebox.print(text.replace(/[^\n\t -~]/g, '.'))
    } catch (error) {
      if (!(error instanceof FileTreeError)) throw error
      await barebox.print(`could not open ${name}: ${error.message}\n`)
      return 1
    }
  }
  return 0
}

export const ls: Command = async (barebox, argv) => {
  const { operands } = parseOptions(argv, '')
  let status = 0
  for (const name of operands.length === 0 ? ['.'] : operands) {
    const path = resolvePath(barebox.directory, name)
    const node = await barebox.files.find(path)
    if (node === undefined) {
      await barebox.print(`ls: ${name}: No such file or directory\n`)
      status = 1
    } else await barebox.print(columns(node.type === 'directory' ? barebox.files.tree.list(path) : [name]))
  }
  return status
}

/** Names in columns, as wide as the longest, on 80 characters. */
function columns(names: readonly string[]): string {
  const width = Math.max(...names.map((name) => name.length), 0) + 4
  const perLine = Math.max(1, Math.floor(80 / width))
  let text = ''
  for (const [index, name] of names.entries()) {
    text += name.padEnd(width)
    if ((index + 1) % perLine === 0) text += '\n'
  }
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
