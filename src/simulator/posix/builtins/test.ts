import { resolvePath, type FileNode } from '../../files/file-tree.ts'
import type { Shell } from '../shell.ts'
import type { Builtin } from './builtin.ts'

export const test: Builtin = async (shell, argv) => {
  const words = argv.slice(1)
  if (argv[0] === '[' && words.pop() !== ']') {
    await shell.complain('[: missing ]')
    return 2
  }
  try {
    return new Evaluator(shell, words).evaluate() ? 0 : 1
  } catch (error) {
    if (!(error instanceof TestError)) throw error
    await shell.complain(`${argv[0] ?? 'test'}: ${error.message}`)
    return 2
  }
}

class TestError extends Error {}

type Unary = (shell: Shell, operand: string) => boolean
type Binary = (left: string, right: string) => boolean

const node = (shell: Shell, path: string): FileNode | undefined =>
  shell.system.files.find(resolvePath(shell.directory, path))

const unary: Readonly<Record<string, Unary>> = {
  '-n': (_, text) => text !== '',
  '-z': (_, text) => text === '',
  '-e': (shell, path) => node(shell, path) !== undefined,
  '-f': (shell, path) => node(shell, path)?.type === 'file',
  '-d': (shell, path) => node(shell, path)?.type === 'directory',
  '-c': (shell, path) => isDevice(node(shell, path), false),
  '-b': (shell, path) => isDevice(node(shell, path), true),
  '-h': (shell, path) => shell.system.files.isLink(resolvePath(shell.directory, path)),
  '-L': (shell, path) => shell.system.files.isLink(resolvePath(shell.directory, path)),
  '-r': (shell, path) => node(shell, path) !== undefined,
  '-w': (shell, path) => node(shell, path) !== undefined,
  '-x': (shell, path) => isExecutable(node(shell, path)),
  '-s': (shell, path) => isNotEmpty(node(shell, path)),
  '-t': (shell, fd) => shell.streams.get(Number(fd))?.terminal === true,
}

const binary: Readonly<Record<string, Binary>> = {
  '=': (left, right) => left === right,
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '>': (left, right) => left > right,
  '-eq': (left, right) => integer(left) === integer(right),
  '-ne': (left, right) => integer(left) !== integer(right),
  '-lt': (left, right) => integer(left) < integer(right),
  '-le': (left, right) => integer(left) <= integer(right),
  '-gt': (left, right) => integer(left) > integer(right),
  '-ge': (left, right) => integer(left) >= integer(right),
}

/** Up to four words are judged by their number (XCU test), longer ones by precedence. */
class Evaluator {
  readonly #shell: Shell
  readonly #words: readonly string[]
  #at = 0

  constructor(shell: Shell, words: readonly string[]) {
    this.#shell = shell
    this.#words = words
  }

  evaluate(): boolean {
    const [first = '', second = '', third = ''] = this.#words
    switch (this.#words.length) {
      case 0:
        return false
      case 1:
        return first !== ''
      case 2:
        if (first === '!') return second === ''
        break
      case 3: {
        const operator = Object.hasOwn(binary, second) ? binary[second] : undefined
        if (operator !== undefined) return operator(first, third)
        break
      }
    }
    const value = this.#or()
    if (this.#at < this.#words.length) throw new TestError(`${this.#words[this.#at] ?? ''}: unknown operand`)
    return value
  }

  #or(): boolean {
    let value = this.#and()
    while (this.#accept('-o')) value = this.#and() || value
    return value
  }

  #and(): boolean {
    let value = this.#not()
    while (this.#accept('-a')) value = this.#not() && value
    return value
  }

  #not(): boolean {
    return this.#accept('!') ? !this.#not() : this.#primary()
  }

  #primary(): boolean {
    const word = this.#words[this.#at]
    if (word === undefined) throw new TestError('argument expected')
    const next = this.#words[this.#at + 1]
    const operator = next !== undefined && Object.hasOwn(binary, next) ? binary[next] : undefined
    const right = this.#words[this.#at + 2]
    if (operator !== undefined && right !== undefined) {
      this.#at += 3
      return operator(word, right)
    }
    if (this.#accept('(')) {
      const value = this.#or()
      if (!this.#accept(')')) throw new TestError('closing paren expected')
      return value
    }
    const check = Object.hasOwn(unary, word) ? unary[word] : undefined
    if (check !== undefined && next !== undefined) {
      this.#at += 2
      return check(this.#shell, next)
    }
    if (/^-[a-zA-Z]$/.test(word) && next !== undefined && check === undefined) {
      this.#shell.system.unsupported(`linux: test ${word}`)
      throw new TestError(`${word}: unknown operator`)
    }
    this.#at += 1
    return word !== ''
  }

  #accept(word: string): boolean {
    if (this.#words[this.#at] !== word) return false
    this.#at += 1
    return true
  }
}

function integer(text: string): bigint {
  const match = /^\s*([-+]?\d+)\s*$/.exec(text)
  if (match?.[1] === undefined) throw new TestError(`Illegal number: ${text}`)
  return BigInt(match[1].replace(/^\+/, ''))
}

function isDevice(found: FileNode | undefined, block: boolean): boolean {
  return found?.type === 'device' && found.block === block
}

function isExecutable(found: FileNode | undefined): boolean {
  return found?.type === 'directory' || (found?.type === 'file' && (found.mode & 0o111) !== 0)
}

function isNotEmpty(found: FileNode | undefined): boolean {
  return found?.type === 'file' ? found.content() !== '' : found !== undefined
}
