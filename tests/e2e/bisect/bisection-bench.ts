import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BisectionRecord } from '../../../src/core/bisection-record.ts'

/**
 * An environment of one board, QEMU with Debian's U-Boot.
 * @param boot what it boots of its own @param qemuArguments for QEMU
 */
export function ubootEnvironment(boot = '{}', qemuArguments: readonly string[] = []): string {
  return `
boards:
  virt:
    architecture: arm64
    compatible: linux,dummy-virt
    machine:
      driver: qemu
      firmware: /usr/lib/u-boot/qemu_arm64/u-boot.bin
      arguments: ${JSON.stringify(qemuArguments)}
    bootloader: uboot
    boot: ${boot}
`
}

/** A directory with an environment and a spec, where bisections leave their reports. */
export interface BisectionBench extends AsyncDisposable {
  readonly directory: string
  /** For hil: nothing of a payload comes from another test, and all it starts can be told by its directory. */
  readonly env: Readonly<Record<string, string>>
  path(name: string): string
  /** What is known of the only bisection. */
  record(): Promise<BisectionRecord>
  /** A file that the only bisection left. */
  report(file: string): Promise<string>
}

export async function makeBisectionBench(files: Readonly<Record<string, string>>): Promise<BisectionBench> {
  const directory = await mkdtemp(join(tmpdir(), 'hil-bisect-'))
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content)
  const report = async (file: string) => {
    const names = await readdir(join(directory, 'reports'))
    const bisections = names.filter((name) => name.endsWith('-bisect'))
    assert.equal(bisections.length, 1)
    return readFile(join(directory, 'reports', bisections[0] ?? '', file), 'utf8')
  }
  return {
    directory,
    env: { XDG_CACHE_HOME: join(directory, 'cache'), TMPDIR: directory },
    path: (name) => join(directory, name),
    record: async () => JSON.parse(await report('bisect.json')) as BisectionRecord,
    report,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true, maxRetries: 5 }),
  }
}

/** The checks of a culprit that did not agree. */
export function disagreements({ conclusion }: BisectionRecord): readonly object[] {
  return (conclusion?.checks ?? []).filter(({ result }) => result !== 'passed')
}
