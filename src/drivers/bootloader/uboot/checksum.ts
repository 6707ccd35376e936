import type { ServedFile } from '../../../board/boot-plan.ts'
import type { CommandRunner } from '../../../board/command-runner.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { runOk } from '../run-ok.ts'

/** What U-Boot computes of a file in its memory, and what it has to be; eight digits in hex. */
export async function readChecksum(
  prompt: Pick<CommandRunner, 'run'>,
  { size, crc32 }: ServedFile,
  address: string,
  t: Deadline,
): Promise<{ readonly sum: string; readonly expected: string }> {
  const { stdout } = await runOk(prompt, `crc32 ${address} ${size.toString(16)}`, t)
  const sum = /==> ([0-9a-f]{8})/.exec(stdout)?.[1] ?? 'unknown'
  return { sum, expected: crc32.toString(16).padStart(8, '0') }
}
