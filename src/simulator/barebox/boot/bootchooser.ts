import type { Barebox } from '../barebox.ts'

/** A slot of bootchooser, with the state it keeps in persistent variables. */
export interface Target {
  readonly name: string
  /** Its place in the list, from 1. */
  readonly id: number
  readonly priority: number
  readonly attempts: number
  readonly boot: string
}

export interface Bootchooser {
  /** In the order of the list. */
  readonly targets: readonly Target[]
  readonly defaultPriority: number
  readonly defaultAttempts: number
  /** Attempts are not counted down. */
  readonly locked: boolean
  readonly lastChosen: number
}

/** Reads targets and their state, with the complaints that barebox makes. `undefined`: there are no targets. */
export async function readBootchooser(barebox: Barebox): Promise<Bootchooser | undefined> {
  const { variables } = barebox
  await warn(barebox, 'using non-redundant NV instead of barebox-state')
  const names = variables
    .global('bootchooser.targets')
    .split(' ')
    .filter((name) => name !== '')
  if (names.length === 0) {
    await barebox.log('error', 'bootchooser: Target list $global.bootchooser.targets is empty')
    return undefined
  }
  const defaultPriority = Number(variables.global('bootchooser.default_priority'))
  const defaultAttempts = Number(variables.global('bootchooser.default_attempts'))
  const lastChosen = Number(variables.global('bootchooser.last_chosen'))
  const targets: Target[] = []
  for (const [index, name] of names.entries()) {
    const id = index + 1
    const priority = await state(barebox, name, 'priority', 'priority', defaultPriority)
    const attempts = await state(barebox, name, 'remaining_attempts', 'remaining attempts', defaultAttempts)
    const refreshed = barebox.lastBootGood && id === lastChosen
    if (refreshed) setState(barebox, `bootchooser.${name}.remaining_attempts`, String(defaultAttempts))
    targets.push({
      name,
      id,
      priority,
      attempts: refreshed ? defaultAttempts : attempts,
      boot: variables.get(`global.bootchooser.${name}.boot`) ?? name,
    })
  }
  if (lastChosen > targets.length) {
    await warn(barebox, `Last booted target with id ${lastChosen} does not exist`)
  }
  const locked = variables.global('bootchooser.attempts_locked') === '1'
  return { targets, defaultPriority, defaultAttempts, locked, lastChosen }
}

/** A number kept for a target; the default is stored when there is none. */
async function state(
  barebox: Barebox,
  target: string,
  name: string,
  words: string,
  missing: number,
): Promise<number> {
  const variable = `bootchooser.${target}.${name}`
  const value = barebox.variables.get(`nv.${variable}`)
  if (value !== undefined) return Number(value)
  await warn(barebox, `Cannot read ${words} for target ${target}, using default ${missing}`)
  setState(barebox, variable, String(missing))
  return missing
}

/** Bootchooser stores at once: a power cut must not give an attempt back. */
export function setState({ variables, hardware }: Barebox, variable: string, value: string): void {
  variables.setPersistent(variable, value)
  const { storage } = hardware
  storage.bareboxVariables = new Map([...storage.bareboxVariables, [variable, value]])
}

function warn(barebox: Barebox, text: string): Promise<void> | undefined {
  return barebox.log('warning', `bootchooser: ${text}`)
}

export function isGood({ priority, attempts }: Target): boolean {
  return priority > 0 && attempts > 0
}

/** Targets that can be booted, best first. */
export function goodTargets({ targets }: Bootchooser): readonly Target[] {
  return targets.filter(isGood).sort((left, right) => right.priority - left.priority || left.id - right.id)
}

/** A target as `bootchooser -i` shows it. */
export function describeTarget(target: Target, { defaultPriority, defaultAttempts }: Bootchooser): string {
  const reason = target.priority === 0 ? 'priority = 0' : 'remaining attempts = 0'
  return (
    `${target.name}\n    id: ${target.id}\n    priority: ${target.priority}\n` +
    `    default_priority: ${defaultPriority}\n    remaining attempts: ${target.attempts}\n` +
    `    default attempts: ${defaultAttempts}\n    boot: '${target.boot}'\n` +
    (isGood(target) ? '' : `    disabled due to ${reason}\n`)
  )
}
