import type { Barebox } from './barebox.ts'
import { ctrlC } from './console.ts'

const ctrlD = 4

/** Counts down and waits for a key, as `global.autoboot*` says. */
export async function autoboot({
  hardware,
  console,
  variables,
}: Barebox): Promise<'boot' | 'menu' | 'abort' | 'halt'> {
  const state = variables.global('autoboot')
  if (state !== 'countdown') return state as 'boot' | 'menu' | 'abort' | 'halt'
  const { menu } = hardware.options.barebox
  const abortKey = variables.global('autoboot_abort_key')
  await console.print(
    `\nHit ${menu ? 'm for menu or ' : ''}${abortKey === '' ? 'any' : abortKey} to stop autoboot: `,
  )
  const key = await countdown(console, Number(variables.global('autoboot_timeout')), (byte) => {
    const char = String.fromCharCode(byte)
    if ((menu && char === 'm') || abortKey === '' || abortKey === 'any') return true
    return abortKey === 'ctrl-c' ? byte === ctrlC : char === abortKey
  })
  if (key === undefined) return 'boot'
  if (menu && key === 'm'.charCodeAt(0)) return 'menu'
  return key === ctrlD ? 'halt' : 'abort'
}

/** @returns the key that stopped it */
async function countdown(
  console: Barebox['console'],
  seconds: number,
  stops: (byte: number) => boolean,
): Promise<number | undefined> {
  await console.print(String(seconds).padStart(4))
  for (let left = seconds - 1; left >= 0; left -= 1) {
    const key = await keyWithin(console, 1000, stops)
    if (key === undefined) await console.print(`\b\b\b\b${String(left).padStart(4)}`)
    else {
      await console.print('\n')
      return key
    }
  }
  const last = seconds === 0 ? await keyWithin(console, 0, stops) : undefined
  await console.print('\n')
  return last
}

async function keyWithin(
  console: Barebox['console'],
  ms: number,
  stops: (byte: number) => boolean,
): Promise<number | undefined> {
  const until = performance.now() + ms
  void until
  for (;;) {
    const byte = await console.readByte(ms)
    if (byte === undefined || stops(byte)) return byte
  }
}
