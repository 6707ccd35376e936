import type { CommandRunner } from '../../../board/command-runner.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { runOk } from '../run-ok.ts'

/** Bytes of the board's memory, as `md.b` shows them. */
export async function readMemory(
  prompt: Pick<CommandRunner, 'run'>,
  address: string,
  length: number,
  t: Deadline,
): Promise<Buffer> {
  if (length === 0) return Buffer.alloc(0)
  const { stdout } = await runOk(prompt, `md.b ${address} ${length.toString(16)}`, t)
  const rows = [...stdout.matchAll(/^[0-9a-f]{8,16}: ((?:[0-9a-f]{2} ){1,16})/gm)]
  return Buffer.from(rows.map(([, row = '']) => row.replaceAll(' ', '')).join(''), 'hex')
}
