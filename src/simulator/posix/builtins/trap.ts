import type { Builtin } from './builtin.ts'
import { signalNamed } from './jobs.ts'
import { quote } from './set.ts'

/** `trap [ACTION] SIGNAL...`; `-` or no action at all sets back. */
export const trap: Builtin = async (shell, argv) => {
  const words = argv[1] === '--' ? argv.slice(2) : argv.slice(1)
  if (words.length === 0) {
    for (const [name, action] of shell.traps) await shell.print(`trap -- ${quote(action)} ${name}\n`)
    return 0
  }
  const resets = words.length === 1 || /^\d+$/.test(words[0] ?? '')
  const action = resets ? '-' : (words[0] ?? '')
  let status = 0
  for (const word of resets ? words : words.slice(1)) {
    const name = word === '0' || word.toUpperCase() === 'EXIT' ? 'EXIT' : signalNamed(word)
    if (name === undefined || name === 'none') {
      await shell.complain(`trap: ${word}: invalid signal specification`)
      status = 1
    } else if (action === '-') shell.traps.delete(name)
    else shell.traps.set(name, action)
  }
  return status
}
