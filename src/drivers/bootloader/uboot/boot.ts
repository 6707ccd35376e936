import { filesOf, type BootPlan } from '../../../board/boot-plan.ts'
import type { Console } from '../../../board/console.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { firstKernelLine } from '../../../kernel/first-line.ts'
import type { PromptSession } from '../../framing/prompt-session.ts'
import { bootFailed } from '../boot-failed.ts'
import type { UbootOptions } from '../uboot.ts'
import { handedOver } from './dialect.ts'
import { loadOverride } from './load-override.ts'
import { readStockBoot } from './stock/stock-boot.ts'
import { appendWords, setVariable, setWords } from './variables.ts'

/**
 * Runs a boot command; with an override, fetches the files and starts them with what a normal boot has.
 * @returns the console from the kernel's first byte on
 * @throws HilError `boot.failed` (board, payload or infrastructure, by what U-Boot said),
 *   `boot.fetch-failed` (infrastructure), `boot.unsupported` (payload), `boot.stock-file` (board)
 */
export async function boot(
  session: PromptSession,
  plan: BootPlan,
  options: UbootOptions,
  t: Deadline,
): Promise<Console> {
  const { override, observe } = plan
  const command =
    override === undefined || filesOf(override).length === 0
      ? await prepareNormalBoot(session, plan, options, t)
      : await prepareOverride(session, { ...plan, override }, options, t)
  observe?.({ type: 'boot-command', command, isLate: false })
  const console = await session.submit(command, t)
  const { which, before, text } = await untilKernel(session, console, t)
  if (which === 'prompt') throw bootFailed('U-Boot', command, before)
  observe?.({ type: 'handed-over', line: text.trim() })
  return session.release('the kernel')
}

/** A boot script may still replace what is set here. */
async function prepareNormalBoot(
  session: PromptSession,
  { bootargs, source = 'run bootcmd' }: BootPlan,
  { bootargs: base }: UbootOptions,
  t: Deadline,
): Promise<string> {
  if (base !== undefined) await setVariable(session, 'bootargs', base, t)
  if (bootargs.length > 0) await appendWords(session, 'bootargs', bootargs, t)
  return source
}

async function prepareOverride(
  session: PromptSession,
  plan: BootPlan & Required<Pick<BootPlan, 'override'>>,
  options: UbootOptions,
  t: Deadline,
): Promise<string> {
  const stock = await readStockBoot(session, plan, options, t)
  await setWords(session, 'bootargs', [...stock.bootargs.split(/\s+/).filter(Boolean), ...plan.bootargs], t)
  return loadOverride(session, plan.override, stock, options, plan.observe, t)
}

async function untilKernel(session: PromptSession, console: Console, t: Deadline) {
  try {
    return await console.expect({ handedOver, kernel: firstKernelLine, prompt: session.promptAgain }, t)
  } catch (error) {
    session.revoke('it was told to boot, and neither a kernel nor the prompt came')
    throw error
  }
}
