import { resolvePath, type FileNode } from '../../files/file-tree.ts'
import type { Barebox } from '../barebox.ts'
import { hasOption, parseOptions, type Call, type Command } from './command.ts'

export const ls: Command = {
  summary: 'list a file or directory',
  usage: '[-lCR] [FILEDIR...]',
  run: (call) => list(call, false),
}

export const ll: Command = {
  summary: 'list a file or directory with details',
  usage: '[-lCR] [FILEDIR...]',
  run: (call) => list(call, true),
}

interface Listing {
  readonly long: boolean
  readonly recursive: boolean
  /** Name each directory in front of its content. */
  readonly titles: boolean
}

async function list({ barebox, argv }: Call, long: boolean): Promise<number> {
  const parsed = parseOptions(argv, 'RCl')
  const recursive = hasOption(parsed, 'R')
  const { operands } = parsed
  const listing = {
    long: (long || hasOption(parsed, 'l')) && !hasOption(parsed, 'C'),
    recursive,
    titles: recursive || operands.length > 1,
  }
  const names = operands.length === 0 ? ['.'] : operands
  let status = 0
  const files: string[] = []
  const directories: string[] = []
  for (const name of names) {
    const path = resolvePath(barebox.directory, name)
    const node = await barebox.files.find(path)
    if (node === undefined) {
      await barebox.print(`${argv[0] ?? 'ls'}: ${name}: No such file or directory\n`)
      status = 1
    } else if (node.type === 'directory') directories.push(name)
    else if (listing.long) await barebox.print(longLine(node, name))
    else files.push(name)
  }
  await barebox.print(columns(files.sort()))
  for (const name of directories) await listDirectory(barebox, name, listing)
  return status
}

async function listDirectory(barebox: Barebox, name: string, listing: Listing): Promise<void> {
  const path = resolvePath(barebox.directory, name)
  if (listing.titles) await barebox.print(`${name}:\n`)
  const names = await barebox.files.list(path)
  if (listing.long) {
    for (const entry of names) {
      const node = await barebox.files.find(resolvePath(path, entry))
      if (node !== undefined) await barebox.print(longLine(node, entry))
    }
  } else await barebox.print(columns(names))
  if (!listing.recursive) return
  for (const entry of names) {
    const child = await barebox.files.find(resolvePath(path, entry))
    if (child?.type === 'directory') await listDirectory(barebox, `${name}/${entry}`, listing)
  }
}

const lineLength = 80
const gap = 4

/** Names in columns as wide as the longest. */
function columns(names: readonly string[]): string {
  const width = Math.max(0, ...names.map((name) => name.length)) + gap
  const perLine = Math.max(1, Math.floor(lineLength / (width + 1)))
  let text = ''
  for (const [index, name] of names.entries())
    text += (index + 1) % perLine === 0 ? `${name}\n` : name.padEnd(width)
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}

function longLine(node: FileNode, name: string): string {
  return `${modeOf(node)} ${sizeOf(node).padStart(20)} ${name}\n`
}

function modeOf(node: FileNode): string {
  if (node.type === 'device') return 'crw-------'
  if (node.type === 'link') return 'lrwxrwxrwx'
  const letters = [...'rwxrwxrwx'].map((letter, index) => ((node.mode >> (8 - index)) & 1 ? letter : '-'))
  return `${node.type === 'directory' ? 'd' : '-'}${letters.join('')}`
}

function sizeOf(node: FileNode): string {
  if (node.type === 'device') return node.size === undefined ? '~0' : String(node.size)
  return String(node.type === 'file' ? (node.size ?? node.content().length) : 0)
}
