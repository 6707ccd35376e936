import { resolvePath } from '../../files/file-tree.ts'
import { unescapeText } from '../prompt.ts'
import type { Command } from './command.ts'

/** `echo [-n] [-e] [-a FILE] [-o FILE] TEXT...`: what is no option of its own is text. */
export const echo: Command = async (barebox, argv) => {
  const words = argv.slice(1)
  let newline = true
  let escapes = false
  let target: { path: string; append: boolean } | undefined
  for (let word = words[0]; word !== undefined && /^-[neao]$/.test(word); word = words[0]) {
    words.shift()
    if (word === '-n') newline = false
    else if (word === '-e') escapes = true
    else {
      const name = words.shift()
      if (name === undefined) {
        await barebox.print(`option requires an argument -- ${word[1] ?? ''}\n`)
        return 1
      }
      target = { path: resolvePath(barebox.directory, name), append: word === '-a' }
    }
  }
  const text = words.map((word) => (escapes ? unescapeText(word) : word)).join(' ') + (newline ? '\n' : '')
  if (target === undefined) await barebox.print(text)
  else barebox.files.tree.write(target.path, text, { append: target.append })
  return 0
}
