import { saneModes, type TtyModes } from '../../linux/tty.ts'
import type { Process, Program } from '../process.ts'
import { complain, print, refuseOption } from './program.ts'

const switches: Readonly<Record<string, keyof TtyModes>> = {
  icanon: 'canonical',
  echo: 'echo',
  isig: 'signals',
  icrnl: 'mapReturn',
  onlcr: 'mapNewline',
}

/** Settings that make no difference here. */
const ignored =
  /^-?(?:echoe|echok|echoctl|echoke|ixon|ixoff|iexten|opost|hupcl|clocal|brkint|imaxbel)$|^(?:rows|cols|columns|\d+)$/

/** Shows and changes the terminal's modes; `stty -g` gives what `stty` takes back. */
export const stty: Program = async (process) => {
  const { tty } = process.system
  const words = process.argv.slice(1)
  if (process.streams.get(0)?.terminal !== true) {
    await complain(process, 'standard input: Inappropriate ioctl for device')
    return 1
  }
  if (words.length === 0 || words[0] === '-a') return show(process)
  if (words[0] === '-g') {
    await print(process, `${encode(tty.modes)}\n`)
    return 0
  }
  for (const word of words) {
    const changed = modesFor(word, tty.modes)
    if (changed !== undefined) tty.setModes(changed)
    else if (!ignored.test(word)) return refuseOption(process, word)
  }
  return 0
}

function modesFor(word: string, modes: TtyModes): Partial<TtyModes> | undefined {
  const name = word.replace(/^-/, '')
  const mode = Object.hasOwn(switches, name) ? switches[name] : undefined
  if (mode !== undefined) return { [mode]: !word.startsWith('-') }
  if (word === 'sane' || word === 'cooked' || word === '-raw') return saneModes
  if (word === 'raw' || word === '-cooked') {
    return { canonical: false, signals: false, mapReturn: false, mapNewline: false }
  }
  return decode(word, modes)
}

async function show(process: Process): Promise<number> {
  const { modes } = process.system.tty
  const shown = Object.entries(switches).map(([name, mode]) => `${modes[mode] ? '' : '-'}${name}`)
  await print(process, `speed 115200 baud; line = 0;\n${shown.join(' ')}\n`)
  return 0
}

/** Linux's four flag words and the control characters, in hex, as `stty -g` prints them. */
function encode({ canonical, echo, signals, mapReturn, mapNewline }: TtyModes): string {
  const input = (mapReturn ? 0x100 : 0) | 0x400
  const output = (mapNewline ? 0x4 : 0) | 0x1
  const local = (signals ? 0x1 : 0) | (canonical ? 0x2 : 0) | (echo ? 0x8 : 0) | 0x8a30
  return `${[input, output, 0x18b2, local].map((word) => word.toString(16)).join(':')}:3:1c:7f:15:4:0:1:0:11:13:1a:0:12:f:17:16:0:0:0`
}

function decode(word: string, _modes: TtyModes): TtyModes | undefined {
  const match = /^([\da-f]+):([\da-f]+):[\da-f]+:([\da-f]+)(?::[\da-f]+)+$/.exec(word)
  if (match === null) return undefined
  const [input = 0, output = 0, local = 0] = match.slice(1).map((part) => Number.parseInt(part, 16))
  return {
    canonical: (local & 0x2) !== 0,
    echo: (local & 0x8) !== 0,
    signals: (local & 0x1) !== 0,
    mapReturn: (input & 0x100) !== 0,
    mapNewline: (output & 0x4) !== 0,
  }
}
