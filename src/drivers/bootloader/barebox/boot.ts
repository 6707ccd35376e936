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
import {
  assertOverridden,
  fetchable,
  noSingleSource,
  overrideOptions,
  singleSource,
  standaloneCommand,
} from './override.ts'

/** barebox's last words: it prints no "Starting kernel" (on arm64). */
const handedOver = /^Loaded kernel to [^\n]{0,200}\n/

/**
 * Boots from a source, with a late override where the plan has one.
 * @returns the console from the kernel's first byte on
 * @throws HilError `boot.failed` (board), `boot.override-lost`, `boot.fetch-failed` (infrastructure),
 *   `boot.no-single-source`, `boot.unsupported` (environment)
 */
export async function boot(
  session: PromptSession,
  plan: BootPlan,
  capabilities: BootloaderCapabilities | undefined,
  log: DriverContext['log'],
  t: Deadline,
): Promise<Console> {
  const { command, isLate } = await prepare(session, plan, capabilities, t)
  const console = await session.submit(command, t)
  const { which, before, text } = await untilKernel(session, console, t)
  const output = before + text
  noteBootchooser(output, log)
  if (which === 'prompt') throw bootFailed('barebox', command, before)
  const kernel = session.release('the kernel')
  if (isLate) assertOverridden(plan, command, output)
  return kernel
}

/** See `BareboxPrompt.dryRun`. The added bootargs are gone afterwards, as after every boot attempt. */
export async function dryRun(
  session: PromptSession,
  plan: BootPlan,
  capabilities: BootloaderCapabilities,
  t: Deadline,
): Promise<string> {
  const { command, isLate } = await prepare(session, plan, capabilities, t)
  // `boot` looks into entries that are scripts only when it is given twice.
  const dry = command.replace(/^(boot|bootm)\b/, '$1 -d').replace(/^boot /, 'boot -d ')
  const { exitCode, stdout } = await session.run(dry, t)
  if (exitCode !== 0 || !/^Dryrun\. Aborted/m.test(stdout)) throw bootFailed('barebox', dry, stdout)
  if (isLate) assertOverridden(plan, dry, stdout)
  return stdout
}

interface Prepared {
  readonly command: string
  /** Whether it overrides what a normal boot would load, so that barebox has to report it. */
  readonly isLate: boolean
}

/** Everything up to the command that boots. */
async function prepare(
  session: PromptSession,
  { override, source, bootargs }: BootPlan,
  capabilities: BootloaderCapabilities | undefined,
  t: Deadline,
): Promise<Prepared> {
  await setBootargs(session, bootargs, t)
  if (override === undefined || capabilities === undefined) {
    return { command: ['boot', source].filter(Boolean).join(' '), isLate: false }
  }
  const single = await singleSource(session, source, t)
  const command = single === undefined ? standaloneCommand(override) : undefined
  if (single === undefined && command === undefined) throw await noSingleSource(session, source, t)
  const options = command === undefined ? overrideOptions(override, capabilities) : []
  await fetchable(session, override, t)
  return {
    command: command ?? ['boot', ...options, single].join(' '),
    isLate: command === undefined,
  }
}

async function untilKernel(session: PromptSession, console: Console, t: Deadline) {
  try {
    return await console.expect({ handedOver, kernel: firstKernelLine, prompt: session.promptAgain }, t)
  } catch (error) {
    session.revoke('it was told to boot, and neither a kernel nor the prompt came')
    throw error
  }
}
