import { switchOff, switchOn } from '../board/cycle-power.ts'
import type { PowerState, PowerSwitch } from '../board/power-switch.ts'
import { startDeadline, type Deadline } from '../core/deadline.ts'
import { messageOf } from '../core/errors.ts'
import type { EmitEvent } from '../core/events.ts'
import { finishBy } from '../core/finish-by.ts'
import type { UndoStack } from '../core/undo-stack.ts'
import type { BoardSpec } from '../environment/environment.ts'

/** How a board was left. */
export interface Release {
  /** As read back; `unknown` where the switch can't be read or did not do as told. */
  readonly power: PowerState
  /** Sentences, one for each thing that could not be cleaned up. */
  readonly failures: readonly string[]
}

interface Held {
  readonly power: PowerSwitch
  readonly undo: UndoStack
  readonly emit: EmitEvent
  /** Told what went wrong with the power, while the board is still ours. */
  readonly onLeft: (failures: readonly string[]) => Promise<void>
}

/** Reaches the declared power state, then undoes the taking. The time for it is kept back from the run. Never throws. */
export async function releaseBoard(
  { name, after, timeouts }: Pick<BoardSpec, 'name' | 'after' | 'timeouts'>,
  { power, undo, emit, onLeft }: Held,
  keep: boolean,
): Promise<Release> {
  using t = startDeadline(timeouts.release, `release of ${name}`)
  const failures: string[] = []
  const state = await leavePower(power, keep ? 'as-is' : after, t, failures)
  undo.defer('writing down how the bench did', () => onLeft([...failures]))
  await undoAll(undo, t, failures)
  emit({ type: 'board-released', board: name, power: state, failures })
  return { power: state, failures }
}

async function leavePower(
  power: PowerSwitch,
  after: BoardSpec['after'],
  t: Deadline,
  failures: string[],
): Promise<PowerState> {
  try {
    if (after === 'off') await finishBy(switchOff(power, t), t)
    if (after === 'on') await finishBy(switchOn(power, t), t)
  } catch (error) {
    failures.push(`switching the power ${after}: ${messageOf(error)}`)
  }
  try {
    return await t.race(power.state(t))
  } catch (error) {
    failures.push(`reading the power switch: ${messageOf(error)}`)
    return 'unknown'
  }
}

/** What hangs may not keep the rest of the run from ending. */
async function undoAll(undo: UndoStack, t: Deadline, failures: string[]): Promise<void> {
  const undone = undo.run()
  try {
    for (const { label, error } of await finishBy(undone, t)) failures.push(`${label}: ${messageOf(error)}`)
  } catch (error) {
    failures.push(`not everything was cleaned up: ${messageOf(error)}`)
  }
}
