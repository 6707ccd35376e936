import type { Barebox } from './barebox.ts'
import { saveVariables } from './save-variables.ts'
import { interactiveShell } from './shell.ts'

const entries = [
  'Boot default',
  'Detect bootsources',
  'Settings',
  'Save environment',
  'Shell',
  'Reset',
] as const

type Entry = (typeof entries)[number]

/** The menu of the default environment, drawn with absolute cursor positions. */
export async function showMenu(barebox: Barebox): Promise<void> {
  const { print, console } = barebox
  let selected = 0
  await print(`\x1b[2J\x1b[1;2H\x1b[1;31mMain menu\x1b[0m${entries.map((_, index) => line(index)).join('')}`)
  await print(`${line(selected, true)}\x1b[8;3H                    \x1b[2;3H`)
  for (;;) {
    const byte = (await console.readByte()) ?? 0
    const key = String.fromCharCode(byte)
    if (key === '\r' || key === '\n') {
      await print('\x1b[2J\x1b[1;1H')
      await choose(barebox, entries[selected] ?? 'Shell')
      return
    }
    const next = await nextSelection(barebox, key, selected)
    if (next === undefined) continue
    await print(line(selected) + line(next, true))
    selected = next
  }
}

async function nextSelection(
  { console }: Barebox,
  key: string,
  selected: number,
): Promise<number | undefined> {
  const digit = Number(key)
  if (digit >= 1 && digit <= entries.length) return digit - 1
  if (key !== '\x1b') return undefined
  const sequence = [await console.readByte(50), await console.readByte(50)]
  const arrow = String.fromCharCode(sequence[1] ?? 0)
  if (arrow === 'A') return (selected + entries.length - 1) % entries.length
  return arrow === 'B' ? (selected + 1) % entries.length : undefined
}

function line(index: number, selected = false): string {
  const title = entries[index] ?? ''
  return `\x1b[${index + 2};3H     ${index + 1}: ${selected ? `\x1b[7m${title}\x1b[0m` : title}`
}

async function choose(barebox: Barebox, entry: Entry): Promise<void> {
  switch (entry) {
    case 'Boot default':
      await barebox.run('boot')
      return
    case 'Shell':
      await barebox.print('Enter exit to get back to the menu\n')
      return interactiveShell(barebox)
    case 'Save environment':
      return saveVariables(barebox)
    case 'Reset':
      await barebox.run('reset')
      return
    case 'Detect bootsources':
    case 'Settings':
      barebox.hardware.unsupported(`barebox: menu entry ${entry}`)
  }
}
