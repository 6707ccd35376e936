import { probe, whoAnswers } from '../board/answering.ts'
import type { Bootloader } from '../board/bootloader.ts'
import type { Console } from '../board/console.ts'
import { switchOff, switchOn } from '../board/cycle-power.ts'
import type { Shell } from '../board/shell.ts'
import { failOnReset } from '../board/fail-on-reset.ts'
import type { Deadline } from '../core/deadline.ts'
import type { StrategyBoard } from './strategy.ts'

/** The edges, resets and probes that most strategies are made of, as functions to name in them. */

/** `off` -> `bootloader`: power on, stop the autoboot. */
export async function powerOnIntoBootloader(
  board: StrategyBoard,
  _off: undefined,
  t: Deadline,
): Promise<Bootloader> {
  const console = await powerOn(board, t)
  return board.bootloader.interrupt(console, t)
}

/** `off` -> the first of two bootloaders: power on, stop its autoboot. */
export async function powerOnIntoFirstBootloader(
  board: StrategyBoard,
  _off: undefined,
  t: Deadline,
): Promise<Bootloader> {
  const console = await powerOn(board, t)
  return board.firstBootloader.interrupt(console, t)
}

/** The first bootloader -> `bootloader`: it fetches the second over the network and starts it. */
export async function chainloadBootloader(
  board: StrategyBoard,
  first: Bootloader,
  t: Deadline,
): Promise<Bootloader> {
  const console = await first.boot(await board.chainloadPlan(t), t)
  const { firstBootloader, bootloader } = board
  // Of two of one kind the second says the same.
  using _reset =
    firstBootloader.kind === bootloader.kind ? undefined : failOnReset(console, firstBootloader.banner)
  return await bootloader.interrupt(console, t)
}

/** `shell` -> the first of two bootloaders, as `rebootIntoBootloader`. */
export async function rebootIntoFirstBootloader(
  board: StrategyBoard,
  shell: Shell,
  t: Deadline,
): Promise<Bootloader> {
  return board.firstBootloader.interrupt(await rebootFrom(shell, t), t)
}

/** `off` -> `linux` of a board that boots by itself: power on, and the console says something. */
export async function powerOnIntoLinux(board: StrategyBoard, _off: undefined, t: Deadline): Promise<Console> {
  await board.loadKernel?.(t)
  const console = await powerOn(board, t)
  await console.expect({ 'a first line': '\n' }, t)
  return console
}

/** `bootloader` -> `linux`: boots what the environment says. A reset before the shell is there is noticed at once. */
export async function bootLinux(board: StrategyBoard, bootloader: Bootloader, t: Deadline): Promise<Console> {
  const console = await bootloader.boot(await board.plan(t), t)
  if (board.resetBanner !== undefined) failOnReset(console, board.resetBanner)
  return console
}

/** `linux` -> `shell`: through userspace to a prompt, with a login where one is asked for. */
export function logIn(board: StrategyBoard, console: Console, t: Deadline): Promise<Shell> {
  return board.shell.login(console, t)
}

/**
 * `shell` -> `bootloader` without losing power. `-f` leaves init out, because an initramfs often
 * has none that listens; the kernel's caches are written all the same.
 */
export async function rebootIntoBootloader(
  board: StrategyBoard,
  shell: Shell,
  t: Deadline,
): Promise<Bootloader> {
  return board.bootloader.interrupt(await rebootFrom(shell, t), t)
}

/** Brings any board to rest. */
export async function powerOff(board: StrategyBoard, t: Deadline): Promise<void> {
  await switchOff(board.power, t)
}

/** Finds a board that is off, at its bootloader's prompt, or at a shell. */
export async function probePrompts(board: StrategyBoard, t: Deadline, lastKnown?: string) {
  if (await isOff(board, t)) return { state: 'off', handle: undefined } as const
  const { bootloader, shell } = board
  const console = board.takeConsole('a probe for a prompt')
  // A prompt may look like either's; then the first one named has it.
  const asked = lastKnown === 'bootloader' ? { bootloader, shell } : { shell, bootloader }
  const found = await whoAnswers(console, asked, t)
  if (found === undefined) return undefined
  if (found.who === 'shell')
    return { state: 'shell', handle: await shell.recognise(console, found.answer, t) } as const
  return { state: 'bootloader', handle: await bootloader.recognise(console, found.answer, t) } as const
}

/** Finds a board that is off, and leaves any other to be started anew. */
export async function probeOff(board: StrategyBoard, t: Deadline) {
  return (await isOff(board, t)) ? ({ state: 'off', handle: undefined } as const) : undefined
}

/** Finds a board without bootloader prompt that is off or at a shell. */
export async function probeShell(board: StrategyBoard, t: Deadline) {
  if (await isOff(board, t)) return { state: 'off', handle: undefined } as const
  return atShell(board, t)
}

async function rebootFrom(shell: Shell, t: Deadline): Promise<Console> {
  const console = await shell.leave(t)
  await console.write('reboot -f\n', t)
  return console
}

/** Gives power, with the line that what comes then is on. */
export async function powerOn(board: StrategyBoard, t: Deadline): Promise<Console> {
  const console = board.takeConsole(`the strategy of ${board.name}`)
  console.discard()
  await switchOn(board.power, t)
  return console
}

async function isOff(board: StrategyBoard, t: Deadline): Promise<boolean> {
  return (await board.power.state(t)) === 'off'
}

async function atShell(board: StrategyBoard, t: Deadline) {
  const handle = await probe(board.takeConsole('a probe for the shell'), board.shell, t)
  return handle && ({ state: 'shell', handle } as const)
}
