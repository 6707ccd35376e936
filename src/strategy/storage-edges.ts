import type { Bootloader } from '../board/bootloader.ts'
import type { Console } from '../board/console.ts'
import { switchOff, switchOn } from '../board/cycle-power.ts'
import type { PowerSwitch } from '../board/power-switch.ts'
import type { Recovery } from '../board/recovery.ts'
import type { Storage } from '../board/storage.ts'
import { startDeadline, type Deadline } from '../core/deadline.ts'
import { HilError, messageOf } from '../core/errors.ts'
import type { StrategyBoard } from './strategy.ts'

/** Edges of boards whose medium is written from this machine, or that get their bootloader by USB. */

/** Time to take the boot pins back, in milliseconds. */
const strapMs = 10_000

/** A board that waits for a bootloader by USB, and the line that this will speak on. */
export interface InRecovery {
  readonly recovery: Recovery
  readonly console: Console
}

/** `off` -> a state in which the board's medium holds the image that the environment names. */
export async function writeStorage(board: StrategyBoard, _off: undefined, t: Deadline): Promise<undefined> {
  const storage = requireStorage(board)
  const { image } = storage
  if (image === undefined) throw missing(board.name, 'no image for its storage', 'storage.image')
  await storage.switchTo('host', t)
  await storage.write(image.path, t, image.bmap === undefined ? {} : { bmap: image.bmap })
  await storage.switchTo('board', t)
}

/** `off` -> a state in which the board waits for a bootloader: boot pins set, power on, seen on USB. */
export async function powerOnIntoRecovery(
  board: StrategyBoard,
  _off: undefined,
  t: Deadline,
): Promise<InRecovery> {
  const { recovery, recoveryStrap } = board
  if (recovery === undefined) throw missing(board.name, 'no way to load a bootloader by USB', 'recovery')
  const console = board.takeConsole(`the strategy of ${board.name}`)
  console.discard()
  try {
    if (recoveryStrap !== undefined) await switchOn(recoveryStrap, t)
    await switchOn(board.power, t)
    await recovery.appear(t)
  } catch (error) {
    await takeBack(recoveryStrap).catch((problem: unknown) => {
      board.note(`the boot pins are still set: ${messageOf(problem)}`)
    })
    throw error
  }
  await takeBack(recoveryStrap)
  return { recovery, console }
}

/** Else the board would start in this mode for ever; in a time of its own. */
async function takeBack(recoveryStrap: PowerSwitch | undefined): Promise<void> {
  if (recoveryStrap === undefined) return
  using release = startDeadline(strapMs, 'taking the boot pins back')
  await switchOff(recoveryStrap, release)
}

/** From there -> `bootloader`: loads it, and stops its autoboot, which may come before the tool has ended. */
export async function loadBootloader(
  board: StrategyBoard,
  { recovery, console }: InRecovery,
  t: Deadline,
): Promise<Bootloader> {
  const [bootloader] = await Promise.all([board.bootloader.interrupt(console, t), recovery.load(t)])
  return bootloader
}

function requireStorage({ storage, name }: StrategyBoard): Storage {
  if (storage !== undefined) return storage
  throw missing(name, 'no storage that this machine can write', 'storage')
}

function missing(board: string, what: string, key: string): HilError {
  return new HilError(
    `environment.no-${key.replace('.', '-')}`,
    `the environment names ${what} of board "${board}"; add "${key}:"`,
    { blame: 'environment', details: { board } },
  )
}
