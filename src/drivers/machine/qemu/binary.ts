import { execa } from 'execa'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import { findProgram } from '../../../core/find-program.ts'

/** The path of an emulator. @throws HilError `machine.not-installed` (environment) */
export async function findBinary(name: string): Promise<string> {
  const binary = await findProgram(name)
  if (binary !== undefined) return binary
  throw new HilError(
    'machine.not-installed',
    `${name} is not ${name.includes('/') ? 'a program that can be run' : 'in PATH'}; install the package ${packageOf(name)} ("npm run setup" does it on Debian and Ubuntu)`,
    { blame: 'environment', details: { binary: name } },
  )
}

/** Which package of Debian bookworm holds an emulator. */
function packageOf(binary: string): string {
  const target = /qemu-system-(\w+)$/.exec(binary)?.[1] ?? ''
  if (/^(aarch64|arm)$/.test(target)) return 'qemu-system-arm'
  if (/^(i386|x86_64)$/.test(target)) return 'qemu-system-x86'
  return /^(riscv32|riscv64)$/.test(target) ? 'qemu-system-misc' : 'qemu-system'
}

/** @throws HilError `machine.not-qemu` (environment) */
export async function readVersion(binary: string, t: Deadline): Promise<string> {
  const { stdout, shortMessage, stderr } = await execa(binary, ['--version'], {
    reject: false,
    cancelSignal: t.signal,
  })
  t.throwIfOver()
  const version = /^QEMU emulator version (\d[\w.-]{0,40})/.exec(stdout)?.[1]
  if (version !== undefined) return version
  throw new HilError(
    'machine.not-qemu',
    `"${binary} --version" named no version: ${stderr || shortMessage || stdout}`,
    {
      blame: 'environment',
      details: { binary, stdout, stderr },
    },
  )
}
