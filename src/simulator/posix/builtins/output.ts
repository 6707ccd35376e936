import { formatPrintf } from '../printf.ts'
import { unescapeEcho } from '../escapes.ts'
import type { Builtin } from './builtin.ts'

/** dash expands escapes always; busybox and bash with `-e` only. */
export const echo: Builtin = async (shell, argv) => {
  const words = argv.slice(1)
  let newline = true
  let escapes = shell.flavour === 'sh'
  const options = shell.flavour === 'sh' ? /^-n$/ : /^-[neE]+$/
  for (let word = words[0]; word !== undefined && options.test(word); word = words[0]) {
    if (word.includes('n')) newline = false
    if (word.includes('e')) escapes = true
    if (word.includes('E')) escapes = false
    words.shift()
  }
  const text = words.join(' ')
  const { text: shown, stop } = escapes ? unescapeEcho(text) : { text, stop: false }
  await shell.print(newline && !stop ? `${shown}\n` : shown)
  return 0
}

export const printf: Builtin = async (shell, argv) => {
  const words = argv[1] === '--' ? argv.slice(2) : argv.slice(1)
  const [format, ...values] = words
  if (format === undefined) {
    await shell.complain('printf: usage: printf FORMAT [ARG]...')
    return 2
  }
  const { text, problem } = formatPrintf(format, values)
  await shell.print(text)
  if (problem === undefined) return 0
  await shell.complain(`printf: ${problem}`)
  return 1
}
