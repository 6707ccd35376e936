import { resolvePath, type FileNode } from '../../files/file-tree.ts'
import { patternToRegExp } from '../../posix/pattern.ts'
import type { Barebox } from '../barebox.ts'
import type { Command } from './command.ts'

/** `test`, `[ ]` and `[[ ]]` are one; the last compares with patterns. Operators have no precedence. */
export const test: Command = {
  summary: 'minimal test command like in /bin/sh',
  usage: '[EXPR]',
  run: async ({ barebox, argv }) => {
    const [name = 'test', ...words] = argv
    if (name !== 'test') {
      const end = name === '[' ? ']' : ']]'
      if (words.pop() !== end) {
        await barebox.print(`${name}: missing \`${end}'\n`)
        return 1
      }
    }
    if (words.length === 0) return 1
    try {
      return (await evaluate(barebox, words, name === '[[')) ? 0 : 1
    } catch (error) {
      if (!(error instanceof TestFailure)) throw error
      await barebox.print(`test: ${error.message}\n`)
      return 1
    }
  },
}

class TestFailure extends Error {}

const unparsable = () => new TestFailure('failed to parse arguments')

const fileTests: Readonly<Record<string, (node: FileNode) => boolean>> = {
  '-e': () => true,
  '-f': (node) => node.type === 'file',
  '-d': (node) => node.type === 'directory',
  '-b': (node) => node.type === 'device' && node.block,
  '-c': (node) => node.type === 'device' && !node.block,
  '-L': (node) => node.type === 'link',
  '-s': (node) => node.type !== 'file' || (node.size ?? node.content().length) > 0,
}

const comparisons: Readonly<Record<string, (left: bigint, right: bigint) => boolean>> = {
  '-eq': (left, right) => left === right,
  '-ne': (left, right) => left !== right,
  '-ge': (left, right) => left >= right,
  '-gt': (left, right) => left > right,
  '-le': (left, right) => left <= right,
  '-lt': (left, right) => left < right,
}

async function evaluate(
  barebox: Barebox,
  expression: readonly string[],
  patterns: boolean,
): Promise<boolean> {
  const words = [...expression]
  const negated = words[0] === '!'
  if (negated) words.shift()
  if (words.length === 0) return false
  let value = false
  let join: string | undefined
  while (words.length > 0) {
    const word = words[0] ?? ''
    if (word === '-a' || word === '-o') {
      words.shift()
      join = word
      continue
    }
    const { result, final } = await primary(barebox, words, patterns)
    value = join === '-o' ? value || result : join === '-a' ? value && result : result
    join = undefined
    if (final) break
  }
  return value !== negated
}

/** Takes one primary from the front of the words. An operator nobody knows ends the test, true. */
async function primary(
  barebox: Barebox,
  words: string[],
  patterns: boolean,
): Promise<{ result: boolean; final?: true }> {
  const [first = '', second = '', third = ''] = words
  const fileTest = Object.hasOwn(fileTests, first) ? fileTests[first] : undefined
  if (['-z', '-n', '-v'].includes(first) || fileTest !== undefined) {
    if (words.length < 2) throw unparsable()
    words.splice(0, 2)
    if (first === '-z') return { result: second === '' }
    if (first === '-n') return { result: second !== '' }
    if (first === '-v') return { result: barebox.variables.get(second) !== undefined }
    const node = second === '' ? undefined : await barebox.files.find(resolvePath(barebox.directory, second))
    return { result: node !== undefined && fileTest?.(node) === true }
  }
  if (words.length < 3) throw unparsable()
  words.splice(0, 3)
  const compare = Object.hasOwn(comparisons, second) ? comparisons[second] : undefined
  if (compare !== undefined) return { result: compare(integer(first), integer(third)) }
  if (second === '=' || second === '==') return { result: equal(first, third, patterns) }
  if (second === '!=') return { result: !equal(first, third, patterns) }
  return { result: true, final: true }
}

function equal(left: string, right: string, patterns: boolean): boolean {
  return patterns ? patternToRegExp(right).test(left) : left === right
}

function integer(text: string): bigint {
  if (!/^-?(?:0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)$/.test(text)) {
    throw new TestFailure(`${text}: integer expression expected`)
  }
  const magnitude = text.replace('-', '')
  const value = BigInt(/^0[0-7]+$/.test(magnitude) ? `0o${magnitude.slice(1)}` : magnitude)
  return text.startsWith('-') ? -value : value
}
