import type { Process, Program } from '../process.ts'
import { parseOptions, print, readInput, refuseOption, type ParsedOptions } from './program.ts'

/** Runs a filter over its files, or over standard input. A file that can't be read makes the status 1. */
async function overInputs(
  process: Process,
  { operands }: ParsedOptions,
  work: (text: string, name: string) => Promise<void> | void,
): Promise<number> {
  let status = 0
  for (const name of operands.length > 0 ? operands : ['-']) {
    const text = await readInput(process, name)
    if (text === undefined) status = 1
    else await work(text, name)
  }
  return status
}

export const head: Program = async (process) => {
  const options = parseOptions(withCount(process.argv), 'n:c:q')
  if (typeof options === 'string') return refuseOption(process, options)
  const bytes = options.values.get('c')
  const count = Number(options.values.get('n') ?? '10')
  return overInputs(process, options, (text) =>
    print(
      process,
      bytes === undefined ? linesOf(text).slice(0, count).join('') : text.slice(0, Number(bytes)),
    ),
  )
}

export const tail: Program = async (process) => {
  const options = parseOptions(withCount(process.argv), 'n:c:q')
  if (typeof options === 'string') return refuseOption(process, options)
  const bytes = options.values.get('c')
  const count = options.values.get('n') ?? '10'
  return overInputs(process, options, (text) =>
    print(
      process,
      bytes === undefined ? lastOf(linesOf(text), count).join('') : lastOf([...text], bytes).join(''),
    ),
  )
}

export const wc: Program = async (process) => {
  const options = parseOptions(process.argv, 'lwcm')
  if (typeof options === 'string') return refuseOption(process, options)
  const shown = ['l', 'w', 'c', 'm'].filter((letter) => options.flags.has(letter))
  return overInputs(process, options, (text, name) => {
    const counts: Readonly<Record<string, number>> = {
      l: text.split('\n').length - 1,
      w: text.split(/\s+/).filter((word) => word !== '').length,
      c: text.length,
      m: text.length,
    }
    const columns = (shown.length > 0 ? shown : ['l', 'w', 'c']).map((letter) => String(counts[letter] ?? 0))
    const line =
      columns.length === 1 && name === '-'
        ? columns.join('')
        : columns.map((column) => column.padStart(9)).join(' ')
    return print(process, `${name === '-' ? line : `${line.trimStart()} ${name}`}\n`)
  })
}

export const sort: Program = async (process) => {
  const options = parseOptions(process.argv, 'nru')
  if (typeof options === 'string') return refuseOption(process, options)
  const lines: string[] = []
  const status = await overInputs(process, options, (text) => {
    lines.push(...linesOf(text).map((line) => line.replace(/\n$/, '')))
  })
  const byText = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0)
  const byNumber = (left: string, right: string) => numberOf(left) - numberOf(right) || byText(left, right)
  lines.sort(options.flags.has('n') ? byNumber : byText)
  if (options.flags.has('r')) lines.reverse()
  const shown = options.flags.has('u') ? lines.filter((line, index) => line !== lines[index - 1]) : lines
  await print(process, shown.map((line) => `${line}\n`).join(''))
  return status
}

export const uniq: Program = async (process) => {
  const options = parseOptions(process.argv, 'c')
  if (typeof options === 'string') return refuseOption(process, options)
  return overInputs(process, options, (text) => {
    const groups: { line: string; count: number }[] = []
    for (const line of linesOf(text)) {
      const last = groups.at(-1)
      if (last?.line === line) last.count += 1
      else groups.push({ line, count: 1 })
    }
    return print(
      process,
      groups
        .map(({ line, count }) => (options.flags.has('c') ? `${String(count).padStart(7)} ${line}` : line))
        .join(''),
    )
  })
}

/** `head -5` is `head -n 5`. */
function withCount(argv: readonly string[]): readonly string[] {
  return argv.flatMap((word, index) => (index === 1 && /^-\d+$/.test(word) ? ['-n', word.slice(1)] : [word]))
}

function lastOf<T>(items: readonly T[], count: string): readonly T[] {
  if (count.startsWith('+')) return items.slice(Math.max(0, Number(count) - 1))
  const number = Math.abs(Number(count))
  return number === 0 ? [] : items.slice(-number)
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

function numberOf(line: string): number {
  return Number.parseFloat(line) || 0
}
