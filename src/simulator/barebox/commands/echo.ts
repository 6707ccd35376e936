import { FileTreeError, resolvePath } from '../../files/file-tree.ts'
import { unescapeText } from '../prompt.ts'
import type { Command } from './command.ts'

/** What looks like an option and is none is text; options can't be joined. */
export const echo: Command = {
  summary: 'echo args to console',
  usage: '[-neao] STRING',
  run: async ({ barebox, argv }) => {
    const words = argv.slice(1)
    let newline = true
    let escapes = false
    let target: { name: string; append: boolean } | undefined
    for (let word = words[0]; word !== undefined && /^-[neao]$/.test(word); word = words[0]) {
      words.shift()
      if (word === '-n') newline = false
      else if (word === '-e') escapes = true
      else {
        const name = words.shift()
        if (name === undefined) {
          await barebox.print(`option requires an argument -- ${word.slice(1)}\n`)
          return 1
        }
        target = { name, append: word === '-a' }
      }
    }
    const text = words.map((word) => (escapes ? unescapeText(word) : word)).join(' ') + (newline ? '\n' : '')
    if (target === undefined) {
      await barebox.print(text)
      return 0
    }
    try {
      barebox.files.write(resolvePath(barebox.directory, target.name), text, target.append)
      return 0
    } catch (error) {
      if (!(error instanceof FileTreeError)) throw error
      await barebox.print(`open: ${error.message}\n`)
      return 1
    }
  },
}
