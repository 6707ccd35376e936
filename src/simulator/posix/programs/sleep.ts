import type { Program } from '../process.ts'
import { complain } from './program.ts'

const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }

export const sleep: Program = async (process) => {
  let seconds = 0
  for (const word of process.argv.slice(1)) {
    const match = /^(\d+(?:\.\d*)?|\.\d+)([smhd]?)$/.exec(word)
    if (match === null) {
      await complain(process, `invalid number '${word}'`)
      return 1
    }
    seconds += Number(match[1]) * (units[match[2] ?? ''] ?? 1)
  }
  await process.signals.sleep(seconds * 1000)
  return 0
}
