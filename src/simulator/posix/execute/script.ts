import { describeSyntaxError } from '../describe-syntax-error.ts'
import { ScriptParser } from '../parse.ts'
import { ShellJump, type Shell } from '../shell.ts'
import { ShellSyntaxError, type Script } from '../syntax.ts'
import { runAndOr } from './pipeline.ts'
import { runInBackground } from './subshell.ts'

/**
 * Reads and runs a text in this shell, a line at a time.
 * @returns the status of the last command
 */
export async function runText(shell: Shell, text: string): Promise<number> {
  const parser = new ScriptParser(text)
  let status = 0
  for (;;) {
    let script: Script | undefined
    try {
      script = parser.next()
    } catch (error) {
      if (!(error instanceof ShellSyntaxError)) throw error
      await shell.complain(describeSyntaxError(shell, error))
      throw new ShellJump('error', 2)
    }
    if (script === undefined) return status
    status = await runScript(shell, script)
  }
}

export async function runScript(shell: Shell, script: Script): Promise<number> {
  for (const item of script.items) {
    shell.status = item.background ? runInBackground(shell, item) : await runAndOr(shell, item.command)
    await settle(shell)
  }
  return shell.status
}

/** Between commands: signals and traps have their turn, and so has the rest of this process. */
async function settle(shell: Shell): Promise<void> {
  noticeSignal(shell)
  if (shell.pendingTraps.length > 0) await runTraps(shell)
  shell.commandsThisTurn += 1
  if (shell.commandsThisTurn > 100) {
    shell.commandsThisTurn = 0
    await shell.signals.life.breathe()
  }
}

export async function runTraps(shell: Shell): Promise<void> {
  const { status } = shell
  for (let name = shell.pendingTraps.shift(); name !== undefined; name = shell.pendingTraps.shift()) {
    await runText(shell, shell.traps.get(name) ?? '')
  }
  shell.status = status
}

export function noticeSignal(shell: Shell): void {
  const signalled = shell.signals.takePending()
  if (signalled !== undefined && !shell.survives(signalled)) throw signalled
}
