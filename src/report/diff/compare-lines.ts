import type { BootLine } from '../boots/recorded-boot.ts'
import { align } from './align.ts'
import { comparable, type ComparableLine } from './comparable-line.ts'
import { withoutMarks } from '../hil-marks.ts'

/**
 * A line of one boot beside that of the other. `same` but for times and addresses; `varied` in its
 * numbers or in what a build says of itself; `moved`: the other boot has it elsewhere; `gone`: only
 * the first has it; `new`: only the second.
 */
export interface DiffRow {
  readonly kind: 'same' | 'varied' | 'moved' | 'gone' | 'new'
  /** Index of the line in the first boot. */
  readonly a?: number
  readonly b?: number
}

/** Puts two consoles side by side. */
export function compareLines(linesA: readonly BootLine[], linesB: readonly BootLine[]): readonly DiffRow[] {
  const [a, b] = [comparableLines(linesA), comparableLines(linesB)]
  const rows: DiffRow[] = []
  let [lastA, lastB] = [0, 0]
  const pairs = align(
    a.map(({ key }) => key),
    b.map(({ key }) => key),
  )
  for (const [indexA, indexB] of [...pairs, [a.length, b.length] as const]) {
    rows.push(...compareGap(a, b, { fromA: lastA, toA: indexA, fromB: lastB, toB: indexB }))
    if (indexA < a.length) {
      const isSame = isEqual(linesA[indexA], linesB[indexB], a[indexA])
      rows.push({ kind: isSame ? 'same' : 'varied', a: indexA, b: indexB })
    }
    lastA = indexA + 1
    lastB = indexB + 1
  }
  return markMoved(rows, a, b)
}

function comparableLines(lines: readonly BootLine[]): readonly ComparableLine[] {
  return withoutMarks(lines.map(({ text }) => text)).map(comparable)
}

function isEqual(one: BootLine | undefined, other: BootLine | undefined, line?: ComparableLine): boolean {
  return one?.text === other?.text || line?.isIdentity !== true
}

interface Gap {
  readonly fromA: number
  readonly toA: number
  readonly fromB: number
  readonly toB: number
}

/** Between two lines that are the same: the same messages with other numbers stand beside each other. */
function compareGap(
  a: readonly ComparableLine[],
  b: readonly ComparableLine[],
  { fromA, toA, fromB, toB }: Gap,
): readonly DiffRow[] {
  const rows: DiffRow[] = []
  let [lastA, lastB] = [fromA, fromB]
  const pairs = align(
    a.slice(fromA, toA).map(({ shape }) => shape),
    b.slice(fromB, toB).map(({ shape }) => shape),
  ).map(([indexA, indexB]) => [fromA + indexA, fromB + indexB] as const)
  for (const [indexA, indexB] of [...pairs, [toA, toB] as const]) {
    for (; lastA < indexA; lastA++) rows.push({ kind: 'gone', a: lastA })
    for (; lastB < indexB; lastB++) rows.push({ kind: 'new', b: lastB })
    if (indexA < toA) rows.push({ kind: 'varied', a: indexA, b: indexB })
    lastA = indexA + 1
    lastB = indexB + 1
  }
  return rows
}

/** What both boots have, only not at the same place, is neither new nor gone. */
function markMoved(
  rows: readonly DiffRow[],
  a: readonly ComparableLine[],
  b: readonly ComparableLine[],
): readonly DiffRow[] {
  const gone = count(rows.flatMap((row) => (row.kind === 'gone' ? [keyOf(a, row.a)] : [])))
  const added = count(rows.flatMap((row) => (row.kind === 'new' ? [keyOf(b, row.b)] : [])))
  const isMoved = { gone: take(added), new: take(gone) }
  return rows.map((row) => {
    if (row.kind !== 'gone' && row.kind !== 'new') return row
    const key = row.kind === 'gone' ? keyOf(a, row.a) : keyOf(b, row.b)
    return isMoved[row.kind](key) ? { ...row, kind: 'moved' } : row
  })
}

function keyOf(lines: readonly ComparableLine[], index = -1): string {
  return lines[index]?.key ?? ''
}

function count(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

/** @returns whether there is one more of a key, which is then used up */
function take(counts: ReadonlyMap<string, number>): (key: string) => boolean {
  const left = new Map(counts)
  return (key) => {
    const number = left.get(key) ?? 0
    left.set(key, number - 1)
    return number > 0
  }
}
