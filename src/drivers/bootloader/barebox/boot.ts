import type { BootloaderCapabilities } from '../../../board/bootloader.ts'
import type { BootPlan } from '../../../board/boot-plan.ts'
import type { Console } from '../../../board/console.ts'
import type { DriverContext } from '../../../board/driver.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { firstKernelLine } from '../../../kernel/first-line.ts'
import type { PromptSession } from '../../framing/prompt-session.ts'
import { bootFailed } from '../boot-failed.ts'
import { setBootargs } from './bootargs.ts'
import { noteBootchooser } from './bootchooser.ts'
import { assertOverridden, fetchable, overrideOptions, singleSource } from './override.ts'

/** barebox's last words: it prints no "Starting kernel" (on arm64). */
const handedOver = /^Loaded kernel to [^\n]{0,200}\n/

/**
 * Boots from a source, with a late override where the plan has one.
 * @returns the console from the kernel's first byte on
 * @throws HilError `boot.failed` (board), `boot.override-lost`, `boot.fetch-failed` (infrastructure),
 *   `boot.no-single-source` (environment), `boot.unsupported` (payload)
 */
export async function boot(
  session: PromptSession,
  plan: BootPlan,
  capabilities: BootloaderCapabilities | undefined,
  log: DriverContext['log'],
  t: Deadline,
): Promise<Console> {
  const command = await prepare(session, plan, capabilities, 'boot', t)
  const console = await session.submit(command, t)
  const { which, before, text } = await untilKernel(session, console, t)
  const output = before + text
  noteBootchooser(output, log)
  if (which === 'prompt') throw bootFailed('barebox', command, before)
  const kernel = session.release('the kernel')
  assertOverridden(plan, command, output)
  return kernel
}

/** See `BareboxPrompt.dryRun`. The added bootargs are gone afterwards, as after every boot attempt. */
export async function dryRun(
  session: PromptSession,
  plan: BootPlan,
  capabilities: BootloaderCapabilities,
  t: Deadline,
): Promise<string> {
  // Given twice, it looks into entries that are scripts, too.
  const command = await prepare(session, plan, capabilities, 'boot -d -d', t)
  const { exitCode, stdout } = await session.run(command, t)
  if (exitCode !== 0 || !/^Dryrun\. Aborted/m.test(stdout)) throw bootFailed('barebox', command, stdout)
  assertOverridden(plan, command, stdout)
  return stdout
}

/** Everything up to the command that boots, which is returned. */
async function prepare(
  session: PromptSession,
  plan: BootPlan,
  capabilities: BootloaderCapabilities | undefined,
  command: string,
  t: Deadline,
): Promise<string> {
  await setBootargs(session, plan.bootargs, t)
  if (plan.override === undefined || capabilities === undefined) {
    return [command, plan.source].filter(Boolean).join(' ')
  }
  const source = await singleSource(session, plan.source, t)
  const options = overrideOptions(plan.override, capabilities)
  await fetchable(session, plan.override, t)
  return [command, ...options, source].join(' ')
}

async function untilKernel(session: PromptSession, console: Console, t: Deadline) {
  try {
    return await console.expect({ handedOver, kernel: firstKernelLine, prompt: session.promptAgain }, t)
  } catch (error) {
    session.revoke('it was told to boot, and neither a kernel nor the prompt came')
    throw error
  }
}
