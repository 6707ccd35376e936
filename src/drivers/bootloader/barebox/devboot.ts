import type { BootloaderCapabilities } from '../../../board/bootloader.ts'
import type { ServedFile } from '../../../board/boot-plan.ts'
import type { CommandRunner } from '../../../board/command-runner.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import { setGlobal } from './globals.ts'

/**
 * `devboot` passes its arguments on to `boot`, and so the source.
 * @throws HilError `boot.unsupported`, `boot.no-single-source` (environment)
 */
export function assertDevboot(
  source: string | undefined,
  { version, facts }: BootloaderCapabilities,
): asserts source is string {
  if (facts['devboot'] !== 'yes') {
    throw new HilError(
      'boot.unsupported',
      `barebox ${version} has no devboot in its environment (it came with 2026.04): take boot.devboot out, and hil types the same overrides`,
      { blame: 'environment', details: { version } },
    )
  }
  if (source !== undefined) return
  throw new HilError(
    'boot.no-single-source',
    'devboot needs one boot source, whose normal boot it overrides: name it as boot.source',
    { blame: 'environment', details: {} },
  )
}

/**
 * Has `devboot` look for the script of this run: it asks for `USER-devboot-HOSTNAME`, then for
 * `USER-devboot-ARCHITECTURE`, and any user may be set, a path included.
 */
export async function setUpDevboot(
  prompt: Pick<CommandRunner, 'run'>,
  script: ServedFile,
  directory: string,
  t: Deadline,
): Promise<void> {
  await setGlobal(prompt, 'user', script.name.replace(/-devboot-[^-]*$/, ''), t)
  await setGlobal(prompt, 'net.fetchdir', directory, t)
}
