import type { BootPlan } from '../../../../board/boot-plan.ts'
import type { CommandRunner } from '../../../../board/command-runner.ts'
import type { Deadline } from '../../../../core/deadline.ts'
import type { UbootOptions } from '../../uboot.ts'
import { runOk } from '../../run-ok.ts'
import { readVariable } from '../variables.ts'
import { findStockEntry, type NoStockEntry } from './find-stock-entry.ts'
import type { StockEntry } from './stock-entry.ts'

/** What of a normal boot goes into the boot of a payload. */
export interface StockBoot {
  readonly entry: StockEntry | undefined
  /** What `boot.bootargs` are added to. */
  readonly bootargs: string
  /** Why there is no entry, for an error of a payload that needs a part of one. */
  readonly why: string
}

/** What looks at disks as `findStockEntry` does. */
const standardBoot = /\bdistro_bootcmd\b|\bbootflow\b|\bbootcmd_[a-z]+\d/

/**
 * Finds out what the board would have booted: U-Boot has no late override, so that its command line has
 * to be built by us. What was found is told.
 */
export async function readStockBoot(
  prompt: Pick<CommandRunner, 'run'>,
  plan: BootPlan,
  options: UbootOptions,
  t: Deadline,
): Promise<StockBoot> {
  const note = (level: 'info' | 'warning', message: string) =>
    plan.observe?.({ type: 'note', level, message })
  if (options.bootargs !== undefined) {
    return { entry: undefined, bootargs: options.bootargs, why: '"bootargs" of the bootloader is set' }
  }
  if (options.bootargsCommand !== undefined) {
    await runOk(prompt, options.bootargsCommand, t, { code: 'boot.bootargs-command', blame: 'environment' })
    const bootargs = await readVariable(prompt, 'bootargs', t)
    note('info', `"${options.bootargsCommand}" has set the command line: ${bootargs}`)
    return { entry: undefined, bootargs, why: '"bootargs-command" of the bootloader is set' }
  }
  const own = await readVariable(prompt, 'bootargs', t)
  if (plan.bootargs.some((argument) => /(?:^|\s)root=/.test(argument))) {
    return { entry: undefined, bootargs: own, why: '"boot.bootargs" names a root of its own' }
  }
  const command = plan.source ?? (await readVariable(prompt, 'bootcmd', t))
  const found = standardBoot.test(command)
    ? await findStockEntry(prompt, plan.source, t)
    : { searched: [], obstacles: [`"${shorten(command)}" boots in a way of its own`] }
  if ('from' in found) {
    const bootargs = found.bootargs ?? own
    note('info', `booted as ${found.from} says: ${bootargs}`)
    return { entry: found, bootargs, why: '' }
  }
  const why = sentenceOf(found)
  if (own !== '') note('info', `${why}; the command line is U-Boot's own $bootargs: ${own}`)
  else if (plan.override?.isWhole !== true || found.searched.length > 0 || found.obstacles.length > 0) {
    // A payload with a system of its own needs nothing of a board that has no other.
    const remedy =
      'the kernel gets what "boot.bootargs" says: name root= and console= there if it needs them, or as "bootargs-command" what sets $bootargs'
    note('warning', `${why}, and $bootargs is empty; ${remedy}`)
  }
  return { entry: undefined, bootargs: own, why }
}

function sentenceOf({ searched, obstacles }: NoStockEntry): string {
  const where = searched.length === 0 ? 'no disk that it boots from' : searched.join(', ')
  return [
    `U-Boot has no entry of a normal boot that could be read: there is ${
      searched.length === 0
        ? where
        : `neither an extlinux.conf nor a boot script nor a loader entry of use on ${where}`
    }`,
    ...obstacles,
  ].join('; ')
}

function shorten(command: string): string {
  return command.length > 80 ? `${command.slice(0, 77)}...` : command
}
