import { ShellJump, type Shell } from '../shell.ts'
import { Signalled, SignalTarget } from '../signals.ts'
import { BrokenPipe, type Streams } from '../streams.ts'
import type { ListItem } from '../syntax.ts'
import { runAndOr } from './pipeline.ts'
import { runText } from './script.ts'

/**
 * Runs something in a copy of the shell, in the foreground.
 * @returns its status; what ends a subshell ends only that
 */
export async function inSubshell(
  shell: Shell,
  streams: Streams,
  work: (child: Shell) => Promise<number>,
  { background = false } = {},
): Promise<number> {
  let child: Shell | undefined = undefined
  const signals = new SignalTarget(shell.signals.life, (signal) => (child ?? shell).ignores(signal))
  child = shell.fork(signals, streams)
  child.inBackground ||= background
  return inForeground(shell, signals, child.inBackground, () => endOfShell(child, () => work(child)))
}

/** Runs a shell to its end: `exit`, an error or a signal end it, and its EXIT trap runs. */
export async function endOfShell(shell: Shell, work: () => Promise<number>): Promise<number> {
  let status: number
  try {
    status = await work()
  } catch (error) {
    if (error instanceof BrokenPipe) return 141
    if (error instanceof Signalled) status = error.status
    else if (error instanceof ShellJump)
      status = error.kind === 'break' || error.kind === 'continue' ? 0 : error.value
    else throw error
  }
  const action = shell.traps.get('EXIT')
  if (action === undefined || action === '') return status
  shell.traps.delete('EXIT')
  shell.status = status
  return endOfShell(shell, async () => {
    await runText(shell, action)
    return status
  })
}

/** While it runs, Ctrl-C is for it; a shell at its prompt that sees its work die of Ctrl-C gets it too. */
export async function inForeground(
  shell: Shell,
  signals: SignalTarget,
  background: boolean,
  work: () => Promise<number>,
): Promise<number> {
  if (background) return work()
  const { foreground } = shell.session
  foreground.add(signals)
  try {
    const status = await work()
    if (status === 130 && shell.interactive) shell.signals.send('INT')
    return status
  } finally {
    foreground.delete(signals)
  }
}

export function runInBackground(shell: Shell, { command }: ListItem): number {
  const id = 100 + shell.background.size
  const streams = new Map(shell.streams)
  const signals = new SignalTarget(shell.signals.life)
  const finished = inSubshell(shell, streams, (child) => runAndOr(child, command), { background: true })
  // The board may stop before the job is done; then nobody waits for it any more.
  finished.catch(() => undefined)
  shell.background.set(id, { id, signals, finished })
  shell.lastBackground = id
  return 0
}
