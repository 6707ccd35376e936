import type { BootPlan, ServedFile } from '../../../board/boot-plan.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import type { PromptSession } from '../../framing/prompt-session.ts'
import { said } from '../run-ok.ts'
import { sendFile } from '../send-file.ts'
import { readChecksum } from './checksum.ts'

/**
 * Loads a file into memory over the console, and proves by size and CRC that it is the one.
 * @throws HilError `boot.fetch-failed` (infrastructure)
 */
export async function receiveFile(
  session: PromptSession,
  file: ServedFile,
  address: string,
  observe: BootPlan['observe'],
  t: Deadline,
): Promise<void> {
  const call = { command: `loady ${address}`, name: 'hil' }
  const { exitCode, stdout } = await sendFile(session, call, file, observe, t)
  const received = /Total Size[^\n]{0,40} (\d{1,12}) Bytes/.exec(stdout)?.[1]
  const failed = (what: string) =>
    new HilError('boot.fetch-failed', `U-Boot's "${call.command}" ${what}: ${said(stdout)}`, {
      blame: 'infrastructure',
      details: { command: call.command, exitCode, output: stdout, expected: file },
    })
  if (exitCode !== 0 || received === undefined) throw failed('failed')
  if (Number(received) !== file.size) throw failed(`received ${received} bytes and not ${file.size}`)
  const { sum, expected } = await readChecksum(session, file, address, t)
  if (sum !== expected) throw failed(`received other bytes: CRC ${sum} and not ${expected}`)
}
