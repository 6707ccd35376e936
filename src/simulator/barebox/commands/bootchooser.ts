import {
  describeTarget,
  goodTargets,
  isGood,
  readBootchooser,
  setState,
  type Bootchooser,
} from '../boot/bootchooser.ts'
import type { Barebox } from '../barebox.ts'
import { hasOption, optionValue, parseOptions, type Command } from './command.ts'

/** Shows and changes what bootchooser knows about its slots. */
export const bootchooser: Command = {
  summary: 'bootchooser control',
  run: async ({ barebox, argv }) => {
    const parsed = parseOptions(argv, 'a:p:ilLs')
    const chooser = await readBootchooser(barebox)
    if (chooser === undefined) {
      await barebox.print('No bootchooser found\n')
      return 1
    }
    if (hasOption(parsed, 'i')) await show(barebox, chooser)
    if (hasOption(parsed, 'l')) setState(barebox, 'bootchooser.attempts_locked', '1')
    else if (hasOption(parsed, 'L')) setState(barebox, 'bootchooser.attempts_locked', '0')
    if (hasOption(parsed, 's')) barebox.lastBootGood = true
    const attempts = optionValue(parsed, 'a')
    const priority = optionValue(parsed, 'p')
    if (attempts !== undefined || priority !== undefined) {
      return resetTargets(barebox, chooser, parsed.operands, { attempts, priority })
    }
    if (parsed.options.length === 0) await barebox.print('Nothing to do\n')
    return parsed.options.length === 0 ? 1 : 0
  },
}

async function show(barebox: Barebox, chooser: Bootchooser): Promise<void> {
  const good = goodTargets(chooser)
  const bad = chooser.targets.filter((target) => !isGood(target))
  const list = (targets: typeof good) =>
    targets.length === 0 ? 'none\n' : targets.map((target) => describeTarget(target, chooser)).join('')
  const last = chooser.targets.find(({ id }) => id === chooser.lastChosen)
  await barebox.print(
    `Good targets (first will be booted next):\n${list(good)}\nDisabled targets:\n${list(bad)}\n` +
      `last booted target: ${last?.name ?? 'unknown'}\n` +
      `Locking of boot attempt counter: ${chooser.locked ? 'enabled' : 'disabled'}\n`,
  )
}

async function resetTargets(
  barebox: Barebox,
  chooser: Bootchooser,
  names: readonly string[],
  { attempts, priority }: { readonly attempts: string | undefined; readonly priority: string | undefined },
): Promise<number> {
  const unknown = names.find((name) => !chooser.targets.some((target) => target.name === name))
  if (unknown !== undefined) {
    await barebox.print(`No such target: ${unknown}\n`)
    return 1
  }
  for (const { name } of chooser.targets.filter(
    (target) => names.length === 0 || names.includes(target.name),
  )) {
    const said: string[] = []
    if (priority !== undefined) {
      setState(
        barebox,
        `bootchooser.${name}.priority`,
        priority === 'default' ? String(chooser.defaultPriority) : priority,
      )
      said.push(priority === 'default' ? 'default priority' : `priority ${priority}`)
    }
    if (attempts !== undefined) {
      const value = attempts === 'default' ? String(chooser.defaultAttempts) : attempts
      setState(barebox, `bootchooser.${name}.remaining_attempts`, value)
      said.push(attempts === 'default' ? 'default attempts' : `${attempts} attempts`)
    }
    await barebox.print(`Resetting target ${name} to ${said.join(', ')}\n`)
  }
  return 0
}
