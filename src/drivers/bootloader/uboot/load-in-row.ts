import type { CommandRunner } from '../../../board/command-runner.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { runOk } from '../run-ok.ts'

interface Loadable {
  /** In bytes. */
  readonly size: number
  load(address: string, t: Deadline): Promise<void>
}

/** An archive of an initramfs begins at a multiple of this (Documentation/driver-api/early-userspace/buffer-format.rst of Linux). */
const alignment = 4

/** Loads files one behind the other, as Linux takes several archives for one initrd. */
export async function loadInRow(
  prompt: Pick<CommandRunner, 'run'>,
  files: readonly Loadable[],
  address: string,
  t: Deadline,
): Promise<void> {
  let offset = 0
  for (const [index, file] of files.entries()) {
    const isLast = index === files.length - 1
    const gap = isLast ? 0 : padding(file.size)
    await file.load(plus(address, offset), t)
    if (gap > 0) await runOk(prompt, `mw.b ${plus(address, offset + file.size)} 0 ${gap.toString(16)}`, t)
    offset += file.size + gap
  }
}

/** What the files take in memory, in bytes. */
export function sizeInRow(files: readonly Pick<Loadable, 'size'>[]): number {
  return files.reduce(
    (total, { size }, index) => total + size + (index === files.length - 1 ? 0 : padding(size)),
    0,
  )
}

function padding(size: number): number {
  return (alignment - (size % alignment)) % alignment
}

function plus(address: string, offset: number): string {
  return `0x${(BigInt(address) + BigInt(offset)).toString(16)}`
}
