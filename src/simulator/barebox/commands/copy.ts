import { basename } from 'node:path/posix'
import { FileTreeError, resolvePath } from '../../files/file-tree.ts'
import type { Barebox } from '../barebox.ts'
import { Errno } from '../errno.ts'
import { UsageError, hasOption, parseOptions, type Command } from './command.ts'

export const cp: Command = {
  summary: 'copy files',
  usage: '[-rnv] SRC DEST',
  run: async ({ barebox, argv }) => {
    const parsed = parseOptions(argv, 'rnv')
    const sources = parsed.operands.slice(0, -1)
    const target = parsed.operands.at(-1)
    if (target === undefined || sources.length === 0) throw new UsageError()
    if (hasOption(parsed, 'v')) barebox.hardware.unsupported('barebox: cp -v')
    const path = resolvePath(barebox.directory, target)
    const intoDirectory = (await barebox.files.find(path))?.type === 'directory'
    if (sources.length > 1 && !intoDirectory) {
      await barebox.print(`cp: target \`${target}' is not a directory\n`)
      return 1
    }
    const recursive = hasOption(parsed, 'r')
    if (recursive && !intoDirectory) barebox.files.tree.makeDirectories(path)
    for (const source of sources) {
      const copied = intoDirectory || recursive ? `${path}/${basename(source)}` : path
      const keep = hasOption(parsed, 'n') && (await barebox.files.find(copied)) !== undefined
      if (!keep) await copy(barebox, source, copied, recursive)
    }
    return 0
  },
}

async function copy(barebox: Barebox, source: string, target: string, recursive: boolean): Promise<void> {
  const { files } = barebox
  const path = resolvePath(barebox.directory, source)
  if (recursive && (await files.find(path))?.type === 'directory') {
    files.tree.makeDirectories(target)
    for (const name of await files.list(path))
      await copy(barebox, `${path}/${name}`, `${target}/${name}`, true)
    return
  }
  try {
    files.write(target, await files.read(path))
  } catch (error) {
    if (!(error instanceof FileTreeError)) throw error
    await barebox.print(`could not open ${source}: ${error.message}\n`)
    throw new Errno(error.message)
  }
}
