import type { Barebox } from '../barebox.ts'
import { errno } from '../errno.ts'
import { BootFailure, type BootOptions, type FoundEntries } from './boot-entry.ts'
import { bootEntry } from './boot-one.ts'
import { describeTarget, goodTargets, readBootchooser, setState } from './bootchooser.ts'

const activeVariable = 'linux.bootargs.bootchooser'

/** The entry that boots the best slot with attempts left, and takes one of them, in a dry run too. */
export async function bootchooserEntries(
  barebox: Barebox,
  find: (source: string) => Promise<FoundEntries>,
): Promise<FoundEntries> {
  if ((await readBootchooser(barebox)) === undefined) return { entries: [], known: false }
  const entry = {
    title: 'bootchooser',
    description: 'bootchooser',
    boot: (options: BootOptions) => bootTarget(barebox, options, find),
  }
  return { entries: [entry], known: true }
}

async function bootTarget(
  barebox: Barebox,
  options: BootOptions,
  find: (source: string) => Promise<FoundEntries>,
): Promise<void> {
  const chooser = await readBootchooser(barebox)
  if (chooser === undefined) throw new BootFailure(errno.noEntry)
  const target = goodTargets(chooser)[0]
  if (target === undefined) {
    await barebox.log('error', 'bootchooser: No valid targets found:')
    for (const bad of chooser.targets) await barebox.print(describeTarget(bad, chooser))
    throw new BootFailure(errno.noEntry)
  }
  if (chooser.locked)
    await barebox.print('bootchooser: Attempts are locked, not decreasing remaining_attempts\n')
  else setState(barebox, `bootchooser.${target.name}.remaining_attempts`, String(target.attempts - 1))
  setState(barebox, 'bootchooser.last_chosen', String(target.id))
  const { entries } = await find(target.boot)
  if (entries.length === 0) await barebox.print(`Nothing bootable found on '${target.boot}'\n`)
  barebox.variables.defineGlobal(activeVariable, `bootchooser.active=${target.name}`)
  try {
    for (const entry of entries) if (await bootEntry(barebox, entry, options)) return
  } finally {
    barebox.variables.set(`global.${activeVariable}`, '')
  }
  throw new BootFailure(errno.noDevice)
}
