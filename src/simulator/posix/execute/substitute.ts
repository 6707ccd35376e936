import type { Shell } from '../shell.ts'
import { captureStream } from '../streams.ts'
import type { Script } from '../syntax.ts'
import { runScript, noticeSignal } from './script.ts'
import { inSubshell } from './subshell.ts'

/** `$( )`: runs in a subshell, and its output becomes text. */
export async function substitute(shell: Shell, script: Script): Promise<string> {
  const output = captureStream()
  const streams = new Map(shell.streams).set(1, output)
  shell.substitutionStatus = await inSubshell(shell, streams, (child) => runScript(child, script))
  noticeSignal(shell)
  return output.text()
}
