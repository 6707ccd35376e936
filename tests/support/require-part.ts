import { access, constants } from 'node:fs/promises'
import { findProgram } from '../../src/core/find-program.ts'

export const uBootImage = '/usr/lib/u-boot/qemu_arm64/u-boot.bin'

/**
 * Skips the running test or suite, with its reason, when QEMU or Debian's U-Boot is not installed.
 * With `qemu` in `HIL_REQUIRE` (as in CI) that is a failure instead.
 */
export async function requireQemuAndUBoot(test: Mocha.Context): Promise<void> {
  if ((await findProgram('qemu-system-aarch64')) === undefined) missing(test, 'qemu', 'needs qemu-system-arm')
  if (!(await isReadable(uBootImage))) missing(test, 'qemu', 'needs u-boot-qemu')
}

/** Skips, or fails where `HIL_REQUIRE` names the part. */
export function missing(test: Mocha.Context, part: string, reason: string): never {
  const required = (process.env['HIL_REQUIRE'] ?? '').split(',').includes(part)
  if (required) throw new Error(`HIL_REQUIRE names "${part}", but the test ${reason}`)
  if (test.test !== undefined) test.test.title += ` (${reason})`
  return test.skip()
}

async function isReadable(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK)
    return true
  } catch {
    return false
  }
}
