import { readFile } from 'node:fs/promises'
import type { BootPlan, ServedFile } from '../../board/boot-plan.ts'
import type { CommandResult } from '../../board/command-runner.ts'
import type { TransferProgress } from '../../board/file-transfer.ts'
import { now } from '../../core/clock.ts'
import type { Deadline } from '../../core/deadline.ts'
import { formatDuration } from '../../core/duration.ts'
import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'
import type { PromptSession } from '../framing/prompt-session.ts'
import { sendByYmodem } from '../framing/ymodem.ts'

/** After so long the rate of a line is known, in milliseconds. */
const measureMs = 5000

/**
 * Sends a file to a bootloader that has no network, by its `loady`.
 * @param command the whole command, which waits for the file
 * @param name as the bootloader is told it
 * @throws HilError `boot.unsupported`, `boot.too-slow` (environment), `transfer.*`
 */
export async function sendFile(
  session: PromptSession,
  { command, name }: { readonly command: string; readonly name: string },
  file: ServedFile,
  observe: BootPlan['observe'],
  t: Deadline,
): Promise<CommandResult> {
  const content = await readLocal(file)
  await assertLoady(session, t)
  const startedAt = now()
  let progress: TransferProgress = { done: 0, total: content.length }
  const tell = (isOver: boolean) => observe?.({ type: 'sending', file: file.name, ...progress, isOver })
  const onProgress = (at: TransferProgress) => {
    progress = at
    tell(false)
    assertWorthwhile(file, at, now() - startedAt, t)
  }
  try {
    return await session.converse(command, t, (console) =>
      sendByYmodem(console, { name, content }, t, { onProgress }),
    )
  } finally {
    tell(true)
  }
}

async function readLocal({ name, path = name }: ServedFile): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new HilError('boot.fetch-failed', `${path} can't be read to be sent: ${reasonOf(cause)}`, {
      blame: 'infrastructure',
      details: { path },
      cause,
    })
  }
}

async function assertLoady(session: PromptSession, t: Deadline): Promise<void> {
  const { stdout } = await session.run('help loady', t)
  if (!/unknown command|no help|not found/i.test(stdout)) return
  throw new HilError(
    'boot.unsupported',
    `this bootloader has no loady, by which it is sent files over its console: build it with CONFIG_CMD_LOADY (barebox) or CONFIG_CMD_LOADB (U-Boot), or take "by: console" out`,
    { blame: 'environment', details: { said: stdout } },
  )
}

/** Nobody waits for half an hour to be told that it was not enough. */
function assertWorthwhile(
  { name }: ServedFile,
  { done, total }: TransferProgress,
  takenMs: number,
  t: Deadline,
): void {
  if (done === 0 || takenMs < measureMs) return
  const neededMs = (takenMs / done) * (total - done)
  const leftMs = t.remaining()
  if (neededMs <= leftMs) return
  const rate = Math.round(done / takenMs)
  throw new HilError(
    'boot.too-slow',
    `${name} goes over the console at ${rate} kB a second and takes ${formatDuration(neededMs)} more, of which ${formatDuration(leftMs)} are left: raise timeouts.states of the state that is booted into, or make the payload smaller`,
    { blame: 'environment', details: { file: name, done, total, takenMs, leftMs } },
  )
}
