import type { BootloaderCapabilities } from '../../../board/bootloader.ts'
import { filesOf, type BootPlan, type NetworkOverride } from '../../../board/boot-plan.ts'
import type { Console } from '../../../board/console.ts'
import type { DriverContext } from '../../../board/driver.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { firstKernelLine } from '../../../kernel/first-line.ts'
import type { PromptSession } from '../../framing/prompt-session.ts'
import { bootFailed } from '../boot-failed.ts'
import { setBootargs } from './bootargs.ts'
import { nextTarget, noteBootchooser } from './bootchooser.ts'
import { assertDevboot, setUpDevboot } from './devboot.ts'
import { fetchFiles } from './fetch-files.ts'
import {
  assertOverridden,
  noSingleSource,
  overrideOptions,
  type PathOf,
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
  const { command, late } = await prepare(session, plan, capabilities, t)
  plan.observe?.({ type: 'boot-command', command, isLate: late !== undefined })
  const console = await session.submit(command, t)
  const { which, before, text } = await untilKernel(session, console, t)
  const output = before + text
  noteBootchooser(output, log)
  if (which === 'prompt') throw bootFailed('barebox', command, before)
  const kernel = session.release('the kernel')
  if (late !== undefined) {
    plan.observe?.({ type: 'overridden', lines: assertOverridden(late, command, output) })
  }
  plan.observe?.({ type: 'handed-over', line: text.trim() })
  return kernel
}

/**
 * Does all that `boot` would, up to the kernel: everything is fetched, parsed, hashed and laid out.
 * @throws HilError as `boot`
 */
export async function dryRun(
  session: PromptSession,
  { observe, ...plan }: BootPlan,
  capabilities: BootloaderCapabilities | undefined,
  t: Deadline,
): Promise<void> {
  const { command, late } = await prepare(session, plan, capabilities, t)
  // `boot` looks into entries that are scripts only when it is given twice.
  const dry = command.replace(/^\S+/, (word) => (word === 'bootm' ? 'bootm -d' : `${word} -d -d`))
  const { exitCode, stdout } = await session.run(dry, t)
  // It says so after a failure, too, and devboot has no status of its own.
  const isLaidOut = /^Dryrun\. Aborted/m.test(stdout) && !/^Nothing bootable found/m.test(stdout)
  if (exitCode !== 0 || !isLaidOut) throw bootFailed('barebox', dry, stdout)
  if (late !== undefined) assertOverridden(late, dry, stdout)
  observe?.({ type: 'dry-run' })
}

interface Prepared {
  readonly command: string
  /** What of a normal boot is replaced, so that barebox has to report it; undefined: all is in the command. */
  readonly late: NetworkOverride | undefined
}

/** Everything up to the command that boots. */
async function prepare(
  session: PromptSession,
  { override, source, bootargs, observe }: BootPlan,
  capabilities: BootloaderCapabilities | undefined,
  t: Deadline,
): Promise<Prepared> {
  if (override === undefined || capabilities === undefined || filesOf(override).length === 0) {
    await setBootargs(session, bootargs, t)
    return { command: ['boot', source].filter(Boolean).join(' '), late: undefined }
  }
  const named = await singleSource(session, source, t)
  const target = named === 'bootchooser' ? await nextTarget(session, observe, t) : undefined
  const single = target?.boot ?? named
  await setBootargs(session, [...(target?.bootargs ?? []), ...bootargs], t)
  const isPossible =
    single === undefined
      ? standaloneCommand(override, ({ name }) => name) !== undefined
      : overrideOptions(override, capabilities, ({ name }) => name).length > 0
  if (!isPossible) throw await noSingleSource(session, source, t)
  if (override.devboot !== undefined) assertDevboot(single, capabilities)
  const directory = await fetchFiles(session, override, observe, t)
  const pathOf: PathOf = ({ name }) => `${directory}/${name}`
  if (single === undefined) return { command: standaloneCommand(override, pathOf) ?? '', late: undefined }
  const options = overrideOptions(override, capabilities, pathOf)
  if (override.devboot !== undefined) {
    await setUpDevboot(session, override.devboot, directory, t)
    return { command: `devboot ${single}`, late: override }
  }
  return { command: ['boot', ...options, single].join(' '), late: override }
}

async function untilKernel(session: PromptSession, console: Console, t: Deadline) {
  try {
    return await console.expect({ handedOver, kernel: firstKernelLine, prompt: session.promptAgain }, t)
  } catch (error) {
    session.revoke('it was told to boot, and neither a kernel nor the prompt came')
    throw error
  }
}
