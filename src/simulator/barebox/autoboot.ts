import type { Barebox } from './barebox.ts'

const ctrlC = 0x03
const ctrlD = 0x04

export type AutobootDecision = 'boot' | 'menu' | 'abort' | 'halt'

/** Counts down and waits for a key, as `global.autoboot*` says. */
export async function autoboot(barebox: Barebox): Promise<AutobootDecision> {
  const { hardware, console, variables } = barebox
  await askToAbortInit(barebox)
  const state = variables.global('autoboot')
  if (state !== 'countdown') return state as AutobootDecision
  const { menu } = hardware.options.barebox
  const abortKey = variables.global('autoboot_abort_key')
  const shownKey = abortKey === '' ? 'any' : abortKey
  await console.print(`\nHit ${menu ? 'm for menu or ' : ''}${shownKey} to stop autoboot: `)
  const key = await countdown(barebox, Number(variables.global('autoboot_timeout')), (byte) => {
    const char = String.fromCharCode(byte)
    if ((menu && char === 'm') || shownKey === 'any') return true
    return shownKey === 'ctrl-c' ? byte === ctrlC : char === shownKey
  })
  if (key === undefined) return 'boot'
  if (menu && key === 'm'.charCodeAt(0)) return 'menu'
  return key === ctrlD ? 'halt' : 'abort'
}

/** `q` or Ctrl-C typed before barebox was ready; what else was typed is lost. */
async function askToAbortInit(barebox: Barebox): Promise<void> {
  const typed = barebox.console.takeTyped()
  if (!typed.some((byte) => byte === ctrlC || /q/i.test(String.fromCharCode(byte)))) return
  await barebox.print('Abort init sequence? (y/n)\nWill continue with init sequence in:')
  await countdown(barebox, 5, (byte) => /[yn]/i.test(String.fromCharCode(byte)))
}

/** @returns the key that stopped it */
export async function countdown(
  { console, hardware }: Barebox,
  seconds: number,
  stops: (byte: number) => boolean,
): Promise<number | undefined> {
  const { clock } = hardware.life
  const start = clock.now()
  await console.print(String(seconds).padStart(4))
  for (let left = seconds; ;) {
    const until = start + (seconds - left + 1) * 1000
    const key = await keyUntil(console, stops, () => (left === 0 ? 0 : until - clock.now()))
    if (key !== undefined || left === 0) {
      await console.print('\n')
      return key
    }
    left -= 1
    await console.print(`\b\b\b\b${String(left).padStart(4)}`)
  }
}

async function keyUntil(
  console: Barebox['console'],
  stops: (byte: number) => boolean,
  remaining: () => number,
): Promise<number | undefined> {
  for (;;) {
    const byte = await console.readByte(remaining())
    if (byte === undefined || stops(byte)) return byte
  }
}
