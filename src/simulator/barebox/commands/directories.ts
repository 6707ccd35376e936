import { FileTreeError, resolvePath } from '../../files/file-tree.ts'
import type { Barebox } from '../barebox.ts'
import { UsageError, hasOption, parseOptions, type Command } from './command.ts'

export const cd: Command = {
  summary: 'change working directory',
  usage: 'DIRECTORY',
  run: async ({ barebox, argv }) => {
    const back = argv[1] === '-'
    const target = back ? barebox.variables.get('OLDPWD') : (argv[1] ?? '/')
    if (target === undefined) {
      await barebox.print('cd: OLDPWD not set\n')
      return 1
    }
    if (back) await barebox.print(`${target}\n`)
    const path = resolvePath(barebox.directory, target)
    const node = await barebox.files.find(path)
    if (node?.type !== 'directory') {
      await barebox.print(`chdir: ${node === undefined ? 'No such file or directory' : 'Not a directory'}\n`)
      return 1
    }
    barebox.variables.set('OLDPWD', barebox.directory)
    barebox.directory = path
    return 0
  },
}

export const pwd: Command = {
  summary: 'print working directory',
  run: async ({ barebox }) => {
    await barebox.print(`${barebox.directory}\n`)
    return 0
  },
}

export const mkdir: Command = {
  summary: 'make directories',
  usage: '[DIRECTORY ...]',
  run: async ({ barebox, argv }) => {
    const parsed = parseOptions(argv, 'p')
    if (parsed.operands.length === 0) throw new UsageError()
    const { tree } = barebox.files
    return forEach(barebox, parsed.operands, 'could not create', (path) => {
      if (hasOption(parsed, 'p')) tree.makeDirectories(path)
      else tree.makeDirectory(path)
    })
  },
}

export const rmdir: Command = {
  summary: 'remove empty directory(s)',
  usage: 'DIRECTORY...',
  run: async ({ barebox, argv }) => {
    const { operands } = parseOptions(argv, '')
    if (operands.length === 0) throw new UsageError()
    const { tree } = barebox.files
    return forEach(barebox, operands, 'could not remove', (path) => {
      if (tree.list(path).length > 0) throw new FileTreeError('Directory not empty')
      tree.remove(path)
    })
  },
}

export const rm: Command = {
  summary: 'remove files',
  usage: '[-rf] FILES...',
  run: async ({ barebox, argv }) => {
    const parsed = parseOptions(argv, 'rf')
    if (parsed.operands.length === 0) throw new UsageError()
    const { tree } = barebox.files
    return forEach(barebox, parsed.operands, 'could not remove', (path) => {
      const node = tree.find(path)
      if (node === undefined && hasOption(parsed, 'f')) return
      if (node?.type === 'directory' && !hasOption(parsed, 'r')) throw new FileTreeError('Is a directory')
      tree.remove(path)
    })
  },
}

/** Does something with each path; the first that fails ends it with a complaint. */
async function forEach(
  barebox: Barebox,
  names: readonly string[],
  complaint: string,
  work: (path: string) => void,
): Promise<number> {
  for (const name of names) {
    try {
      work(resolvePath(barebox.directory, name))
    } catch (error) {
      if (!(error instanceof FileTreeError)) throw error
      await barebox.print(`${complaint} ${name}: ${error.message}\n`)
      return 1
    }
  }
  return 0
}
