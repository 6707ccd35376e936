import { resolvePath, type FileNode } from '../../files/file-tree.ts'
import type { Process, Program } from '../process.ts'
import { complain, parseOptions, print, refuseOption } from './program.ts'

const lineLength = 80

/** Columns on a terminal, a name a line elsewhere. */
export const ls: Program = async (process) => {
  const options = parseOptions(process.argv, '1aAdlC')
  if (typeof options === 'string') return refuseOption(process, options)
  const { flags, operands } = options
  const show = (names: readonly string[], directory: string) => listing(process, flags, names, directory)
  const names = operands.length > 0 ? operands : ['.']
  let status = 0
  for (const name of names) {
    const path = resolvePath(process.directory, name)
    const node = process.system.files.find(path)
    if (node === undefined) {
      await complain(process, `${name}: No such file or directory`)
      status = 1
    } else if (node.type !== 'directory' || flags.has('d')) await show([name], process.directory)
    else {
      if (names.length > 1) await print(process, `${name === names[0] ? '' : '\n'}${name}:\n`)
      const hidden = flags.has('a') ? ['.', '..'] : []
      const children = [...node.entries.keys()].sort()
      const shown =
        flags.has('a') || flags.has('A') ? children : children.filter((child) => !child.startsWith('.'))
      await show([...hidden, ...shown], path)
    }
  }
  return status
}

async function listing(
  process: Process,
  flags: ReadonlySet<string>,
  names: readonly string[],
  directory: string,
): Promise<void> {
  if (flags.has('l')) {
    for (const name of names) {
      const node = process.system.files.find(resolvePath(directory, name))
      if (node !== undefined) await print(process, `${longLine(node)} ${name}\n`)
    }
  } else if (flags.has('1') || (process.streams.get(1)?.terminal !== true && !flags.has('C'))) {
    await print(process, names.map((name) => `${name}\n`).join(''))
  } else await print(process, columns(names))
}

function columns(names: readonly string[]): string {
  if (names.length === 0) return ''
  const width = Math.max(...names.map((name) => name.length)) + 2
  const perLine = Math.max(1, Math.floor(lineLength / width))
  const rows = Math.ceil(names.length / perLine)
  let text = ''
  for (let row = 0; row < rows; row += 1) {
    const cells = names.filter((_, index) => index % rows === row)
    text += `${cells.map((cell, index) => (index === cells.length - 1 ? cell : cell.padEnd(width))).join('')}\n`
  }
  return text
}

function longLine(node: FileNode): string {
  const kind = { directory: 'd', file: '-', link: 'l', device: 'c' }[node.type]
  const mode = 'mode' in node ? node.mode : 0o600
  const letters = [...'rwxrwxrwx'].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-')).join('')
  const size = node.type === 'file' ? node.content().length : 0
  return `${kind}${letters}    1 root     root     ${String(size).padStart(9)} Nov 22 16:00`
}
