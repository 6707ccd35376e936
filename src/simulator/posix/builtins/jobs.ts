import { signalNumbers, type SignalName, type SignalTarget } from '../signals.ts'
import type { Shell } from '../shell.ts'
import type { Builtin } from './builtin.ts'

export const wait: Builtin = async (shell, argv) => {
  const ids = argv.slice(1).map(Number)
  let status = 0
  for (const id of ids.length > 0 ? ids : [...shell.background.keys()]) {
    const job = shell.background.get(id)
    if (job === undefined) {
      status = 127
      continue
    }
    status = await shell.signals.until(job.finished)
    shell.background.delete(id)
  }
  return ids.length > 0 ? status : 0
}

export const jobs: Builtin = async (shell) => {
  if (shell.background.size > 0) shell.system.unsupported('linux: listing of running jobs')
  await shell.print('')
  return 0
}

export const kill: Builtin = async (shell, argv) => {
  const words = argv.slice(1)
  let signal: SignalName | 'none' | undefined = 'TERM'
  if (words[0] === '-s') {
    signal = signalNamed(words[1] ?? '')
    words.splice(0, 2)
  } else if (words[0]?.startsWith('-') === true) signal = signalNamed(words.shift()?.slice(1) ?? '')
  if (signal === undefined) {
    await shell.complain('kill: bad signal')
    return 1
  }
  let status = 0
  for (const word of words) {
    const target = targetOf(shell, Number(word))
    if (target === undefined) {
      await shell.complain(`kill: can't kill pid ${word}: No such process`)
      status = 1
    } else if (signal !== 'none') target.send(signal)
  }
  return status
}

export function signalNamed(text: string): SignalName | 'none' | undefined {
  const name = text.toUpperCase().replace(/^SIG/, '')
  if (name === '0') return 'none'
  if (Object.hasOwn(signalNumbers, name)) return name as SignalName
  return (Object.keys(signalNumbers) as SignalName[]).find((known) => String(signalNumbers[known]) === text)
}

function targetOf(shell: Shell, id: number): SignalTarget | undefined {
  if (id === 1) return shell.signals
  return shell.background.get(id)?.signals
}
