import { FileTreeError, resolvePath } from '../../files/file-tree.ts'
import { findKnownProgram } from '../find-program.ts'
import type { Program } from '../process.ts'
import { complain, parseOptions, print, readAll, refuseOption } from './program.ts'

export const seq: Program = async (process) => {
  const numbers = process.argv.slice(1).map(Number)
  if (numbers.length === 0 || numbers.some(Number.isNaN))
    return refuseOption(process, process.argv.slice(1).join(' '))
  const [first, step, last] =
    numbers.length === 1
      ? [1, 1, numbers[0] ?? 0]
      : numbers.length === 2
        ? [numbers[0] ?? 0, 1, numbers[1] ?? 0]
        : [numbers[0] ?? 0, numbers[1] ?? 1, numbers[2] ?? 0]
  let text = ''
  for (let value = first; step > 0 ? value <= last : value >= last && step !== 0; value += step) {
    text += `${value}\n`
    if (text.length < 8192) continue
    await print(process, text)
    text = ''
  }
  await print(process, text)
  return 0
}

export const yes: Program = async (process) => {
  const line = `${process.argv.slice(1).join(' ') || 'y'}\n`.repeat(100)
  for (;;) {
    await print(process, line)
    await process.signals.life.breathe()
  }
}

export const env: Program = async (process) => {
  const words = process.argv.slice(1)
  const environment = new Map(process.environment)
  if (words[0] === '-i') {
    environment.clear()
    words.shift()
  }
  for (let word = words[0]; word?.includes('=') === true; word = words[0]) {
    environment.set(word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1))
    words.shift()
  }
  const name = words[0]
  if (name?.startsWith('-') === true) return refuseOption(process, name)
  if (name === undefined) {
    for (const [variable, value] of environment) await print(process, `${variable}=${value}\n`)
    return 0
  }
  const program = findKnownProgram(process.system, name)
  if (program !== undefined) return program({ ...process, argv: words, environment })
  if (!process.system.absent.has(name)) process.system.unsupported(`linux: command ${name}`)
  await complain(process, `can't execute '${name}': No such file or directory`)
  return 127
}

export const tr: Program = async (process) => {
  const options = parseOptions(process.argv, 'ds')
  if (typeof options === 'string') return refuseOption(process, options)
  const [from = '', to = ''] = options.operands.map(expandSet)
  const text = await readAll(process)
  const changed = [...text].map((char) => {
    const index = from.indexOf(char)
    if (index === -1) return char
    return options.flags.has('d') ? '' : (to[Math.min(index, to.length - 1)] ?? '')
  })
  const squeezed = options.flags.has('s')
    ? changed.filter((char, index) => char !== changed[index - 1] || !(to || from).includes(char))
    : changed
  await print(process, squeezed.join(''))
  return 0
}

function expandSet(set: string): string {
  return set
    .replace(/\\([ntr\\])/g, (_, letter: string) => ({ n: '\n', t: '\t', r: '\r' })[letter] ?? '\\')
    .replace(/([^])-([^])/g, (_, first: string, last: string) =>
      Array.from({ length: last.charCodeAt(0) - first.charCodeAt(0) + 1 }, (_unused, index) =>
        String.fromCharCode(first.charCodeAt(0) + index),
      ).join(''),
    )
}

export const cut: Program = async (process) => {
  const options = parseOptions(process.argv, 'd:f:c:')
  if (typeof options === 'string') return refuseOption(process, options)
  const delimiter = options.values.get('d') ?? '\t'
  const fields = options.values.get('f')
  const wanted = ranges(fields ?? options.values.get('c') ?? '')
  let text = options.operands.length === 0 ? await readAll(process) : ''
  for (const name of options.operands) {
    try {
      text += process.system.files.read(resolvePath(process.directory, name))
    } catch (error) {
      if (!(error instanceof FileTreeError)) throw error
      await complain(process, `${name}: ${error.message}`)
      return 1
    }
  }
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const parts = fields === undefined ? [...line] : line.split(delimiter)
    const kept = parts.filter((_, index) => wanted(index + 1)).join(fields === undefined ? '' : delimiter)
    await print(process, `${fields !== undefined && parts.length === 1 ? line : kept}\n`)
  }
  return 0
}

function ranges(text: string): (place: number) => boolean {
  const list = text.split(',').map((part) => {
    const [first = '', last = first] = part.split('-')
    return { first: Number(first || '1'), last: part.endsWith('-') ? Infinity : Number(last) }
  })
  return (place) => list.some(({ first, last }) => place >= first && place <= last)
}

export const mount: Program = async (process) => {
  if (process.argv.length > 1) return refuseOption(process, process.argv.slice(1).join(' '))
  for (const line of process.system.files.read('/proc/mounts').trimEnd().split('\n')) {
    const [source = '', path = '', type = '', flags = ''] = line.split(' ')
    await print(process, `${source} on ${path} type ${type} (${flags})\n`)
  }
  return 0
}
