import { crc32 as computeCrc32 } from 'node:zlib'
import { toBytes } from '../../binary.ts'
import { FileTreeError, resolvePath } from '../../files/file-tree.ts'
import { UsageError, hasOption, optionValue, parseOptions, type Command } from './command.ts'

/** `crc32 -f FILE [-v CRC] [START+SIZE]`; of memory it is not simulated. */
export const crc32: Command = {
  summary: 'CRC32 checksum calculation',
  usage: '[-fFvV] AREA',
  run: async ({ barebox, argv }) => {
    const parsed = parseOptions(argv, 'f:F:v:V:r:s:')
    const name = optionValue(parsed, 'f')
    const area = parsed.operands[0]
    if (name === undefined) {
      if (area === undefined) throw new UsageError()
      if (/^\d/.test(area)) barebox.hardware.unsupported('barebox: crc32 of memory')
      await barebox.print(`could not parse area description: ${area}\n`)
      return 1
    }
    for (const letter of ['F', 'V']) {
      if (hasOption(parsed, letter)) barebox.hardware.unsupported(`barebox: crc32 -${letter}`)
    }
    let text: string
    try {
      text = await barebox.files.read(resolvePath(barebox.directory, name))
    } catch (error) {
      if (!(error instanceof FileTreeError)) throw error
      await barebox.print(`open ${name}: ${error.message}\n`)
      return 1
    }
    const { start, end } = parseArea(area, text.length)
    const sum = computeCrc32(toBytes(text.slice(start, end)))
    const shown = `CRC32 for ${name} ${hex(start)} ... ${hex(end - 1)} ==> ${hex(sum)}`
    const expected = optionValue(parsed, 'v')
    const result = optionValue(parsed, 'r')
    if (result !== undefined) barebox.variables.set(result, sum.toString(16))
    if (expected === undefined || Number(expected) === sum) {
      await barebox.print(`${shown}\n`)
      return 0
    }
    await barebox.print(`${shown} != ${hex(Number(expected))} ** ERROR **\n`)
    return 1
  },
}

function parseArea(area: string | undefined, length: number): { start: number; end: number } {
  const match = /^(\w+)(?:([+-])(\w+))?$/.exec(area ?? '')
  if (match === null) return { start: 0, end: length }
  const start = Number(match[1])
  const amount = Number(match[3] ?? length)
  const end = match[2] === '+' ? start + amount : match[2] === '-' ? amount + 1 : length
  return { start, end: Math.min(end, length) }
}

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, '0')}`
}
