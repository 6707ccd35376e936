import { basename as baseOf, dirname as directoryOf } from 'node:path/posix'
import { FileTreeError, file, resolvePath } from '../../files/file-tree.ts'
import type { Process, Program } from '../process.ts'
import { complain, parseOptions, print, readAll, refuseOption, type ParsedOptions } from './program.ts'

export const mkdir: Program = (process) =>
  withOptions(process, 'pm:', ({ flags, operands }) =>
    forEach(process, operands, "can't create directory", (path) => {
      if (flags.has('p')) process.system.files.makeDirectories(path)
      else process.system.files.makeDirectory(path)
    }),
  )

export const rm: Program = (process) =>
  withOptions(process, 'rRf', ({ flags, operands }) =>
    forEach(process, operands, "can't remove", (path) => {
      const { files } = process.system
      const node = files.find(path)
      if (node === undefined && !files.isLink(path) && flags.has('f')) return
      if (node?.type === 'directory' && !flags.has('r') && !flags.has('R'))
        throw new FileTreeError('Is a directory')
      files.remove(path)
    }),
  )

export const rmdir: Program = (process) =>
  withOptions(process, '', ({ operands }) =>
    forEach(process, operands, 'failed to remove', (path) => {
      if (process.system.files.list(path).length > 0) throw new FileTreeError('Directory not empty')
      process.system.files.remove(path)
    }),
  )

export const touch: Program = (process) =>
  withOptions(process, 'c', ({ operands }) =>
    forEach(process, operands, 'cannot touch', (path) => {
      if (process.system.files.find(path) === undefined) process.system.files.write(path, '')
    }),
  )

export const ln: Program = (process) =>
  withOptions(process, 'sfn', async ({ flags, operands }) => {
    const [target = '', name = baseOf(target)] = operands
    if (!flags.has('s')) return refuseOption(process, 'without -s')
    const { files } = process.system
    const path = resolvePath(process.directory, name)
    if (files.find(path) !== undefined && !flags.has('f')) {
      await complain(process, `${name}: File exists`)
      return 1
    }
    return forEach(process, [name], '', () => {
      files.put(path, { type: 'link', target })
    })
  })

export const cp: Program = (process) => transfer(process, 'cp', false)
export const mv: Program = (process) => transfer(process, 'mv', true)

async function transfer(process: Process, what: string, move: boolean): Promise<number> {
  return withOptions(process, 'fp', ({ operands }) => {
    const target = resolvePath(process.directory, operands.at(-1) ?? '')
    const { files } = process.system
    const into = files.find(target)?.type === 'directory'
    return forEach(process, operands.slice(0, -1), `${what}: can't ${move ? 'rename' : 'stat'}`, (path) => {
      const text = files.read(path)
      const place = into ? `${target}/${baseOf(path)}` : target
      if (move) {
        const node = files.get(path)
        files.remove(path)
        files.put(place, node)
      } else files.write(place, text)
    })
  })
}

export const chmod: Program = (process) =>
  withOptions(process, '', ({ operands: [mode = '', ...names] }) => {
    if (!/^(?:[0-7]{3,4}|[ugoa]*[-+][rwx]+)$/.test(mode)) return refuseOption(process, mode)
    return forEach(process, names, "can't change", (path) => {
      const node = process.system.files.get(path)
      if (!('mode' in node)) return
      if (/^[0-7]+$/.test(mode)) node.mode = Number.parseInt(mode, 8)
      else if (mode.endsWith('x')) node.mode = mode.includes('+') ? node.mode | 0o111 : node.mode & ~0o111
    })
  })

export const tee: Program = (process) =>
  withOptions(process, 'a', async ({ flags, operands }) => {
    const text = await readAll(process)
    await print(process, text)
    return forEach(process, operands, "can't open", (path) => {
      process.system.files.write(path, text, { append: flags.has('a') })
    })
  })

export const readlink: Program = (process) =>
  withOptions(process, 'f', async ({ operands: [name = ''] }) => {
    await print(process, `${resolvePath(process.directory, name)}\n`)
    return 0
  })

export const basename: Program = async (process) => {
  const [, name = '', suffix] = process.argv
  await print(process, `${baseOf(name, suffix)}\n`)
  return 0
}

export const dirname: Program = async (process) => {
  await print(process, `${directoryOf(process.argv[1] ?? '')}\n`)
  return 0
}

export const mktemp: Program = (process) =>
  withOptions(process, 'd', async ({ flags }) => {
    const { files } = process.system
    for (let number = 1; ; number += 1) {
      const path = `/tmp/tmp.${String(number).padStart(6, 'X')}`
      if (files.find(path) !== undefined) continue
      if (flags.has('d')) files.makeDirectory(path)
      else files.put(path, file('', 0o600))
      await print(process, `${path}\n`)
      return 0
    }
  })

async function withOptions(
  process: Process,
  known: string,
  work: (options: ParsedOptions) => Promise<number>,
): Promise<number> {
  const options = parseOptions(process.argv, known)
  return typeof options === 'string' ? refuseOption(process, options) : work(options)
}

/** Does something with each path; a complaint about one does not stop the others. */
async function forEach(
  process: Process,
  names: readonly string[],
  complaint: string,
  work: (path: string) => void,
): Promise<number> {
  let status = 0
  for (const name of names) {
    try {
      work(resolvePath(process.directory, name))
    } catch (error) {
      if (!(error instanceof FileTreeError)) throw error
      await complain(process, `${complaint} '${name}': ${error.message}`)
      status = 1
    }
  }
  return status
}
