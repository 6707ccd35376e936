import { stageOrder } from '../../kernel/stages/stage.ts'
import type { BootFinding, BootLine, BootStage, RecordedBoot } from '../boots/recorded-boot.ts'
import { comparable } from './comparable-line.ts'
import { compareLines, type DiffRow } from './compare-lines.ts'

/** Two boots side by side. */
export interface BootDiff {
  readonly a: RecordedBoot
  readonly b: RecordedBoot
  readonly rows: readonly DiffRow[]
  /** The first row, by index, with a line that only one boot has, or else whose numbers differ. */
  readonly first: number | undefined
  /** The same among what the kernel says; `undefined` where that is `first`. */
  readonly firstOfKernel: number | undefined
  /** One boot says nothing more from this row on, and the other goes on. */
  readonly ending: { readonly ends: 'a' | 'b'; readonly row: number; readonly missing: number } | undefined
  readonly stages: readonly StagePair[]
  readonly findings: readonly FindingPair[]
  /** Lines of the kernel that only one boot has, in its order. */
  readonly kernelLines: { readonly gone: readonly BootLine[]; readonly new: readonly BootLine[] }
}

/** When each boot reached a stage; `undefined` for the one that did not. */
export interface StagePair {
  readonly name: string
  readonly a: BootStage | undefined
  readonly b: BootStage | undefined
}

/** What the kernel complained about, by its signature. */
export interface FindingPair {
  readonly a: BootFinding | undefined
  readonly b: BootFinding | undefined
}

/** Compares a boot, usually a good one, with another, usually a bad one. */
export function compareBoots(a: RecordedBoot, b: RecordedBoot): BootDiff {
  const rows = compareLines(a.lines, b.lines)
  const linesOf = (row: DiffRow) =>
    [a.lines[row.a ?? -1], b.lines[row.b ?? -1]].filter((line) => line !== undefined)
  // What a build says of itself is told at the head, and is no difference to jump to.
  const isIdentity = (row: DiffRow) =>
    row.kind === 'varied' && linesOf(row).every(({ text }) => comparable(text).isIdentity)
  const compared = (row: DiffRow) => (isIdentity(row) ? [] : linesOf(row))
  const first = firstDifference(rows, (row) => compared(row).some(({ text }) => text.trim() !== ''))
  const ofKernel = firstDifference(rows, (row) => compared(row).some(isOfKernel))
  return {
    a,
    b,
    rows,
    first,
    firstOfKernel: ofKernel === first ? undefined : ofKernel,
    ending: endingOf(rows, (row) => linesOf(row).some(({ text }) => text.trim() !== '')),
    stages: pairStages(a, b),
    findings: pairFindings(a, b),
    kernelLines: {
      gone: kernelLines(
        a,
        rows.flatMap((row) => (row.kind === 'gone' ? [row.a ?? -1] : [])),
      ),
      new: kernelLines(
        b,
        rows.flatMap((row) => (row.kind === 'new' ? [row.b ?? -1] : [])),
      ),
    },
  }
}

/** @param counts whether a row is looked at: blank lines come and go */
function firstDifference(rows: readonly DiffRow[], counts: (row: DiffRow) => boolean): number | undefined {
  const words = rows.findIndex((row) => (row.kind === 'gone' || row.kind === 'new') && counts(row))
  const index = words === -1 ? rows.findIndex((row) => row.kind === 'varied' && counts(row)) : words
  return index === -1 ? undefined : index
}

/** @param says whether there is a word in a row: blank lines are alike everywhere */
function endingOf(rows: readonly DiffRow[], says: (row: DiffRow) => boolean): BootDiff['ending'] {
  const isPair = (row: DiffRow) => row.a !== undefined && row.b !== undefined && says(row)
  const row = rows.findLastIndex(isPair) + 1
  const rest = rows.slice(row).filter(says)
  const missing = rest.length
  if (missing === 0) return undefined
  if (rest.every(({ a }) => a === undefined)) return { ends: 'a', row, missing }
  return rest.every(({ b }) => b === undefined) ? { ends: 'b', row, missing } : undefined
}

function pairStages(a: RecordedBoot, b: RecordedBoot): readonly StagePair[] {
  return stageOrder
    .map((name) => ({
      name,
      a: a.stages.find((stage) => stage.name === name),
      b: b.stages.find((stage) => stage.name === name),
    }))
    .filter((pair) => pair.a !== undefined || pair.b !== undefined)
}

/** What only one boot has comes first, and of that what only the second has. */
function pairFindings(a: RecordedBoot, b: RecordedBoot): readonly FindingPair[] {
  const signatures = [...new Set([...b.findings, ...a.findings].map(({ signature }) => signature))]
  const rank = (pair: FindingPair) => (pair.a === undefined ? 0 : pair.b === undefined ? 1 : 2)
  return signatures
    .map((signature) => ({
      a: a.findings.find((finding) => finding.signature === signature),
      b: b.findings.find((finding) => finding.signature === signature),
    }))
    .sort((one, other) => rank(one) - rank(other))
}

function isOfKernel({ kernelTime, text }: BootLine): boolean {
  return kernelTime !== undefined && text.trim() !== ''
}

function kernelLines(boot: RecordedBoot, indexes: readonly number[]): readonly BootLine[] {
  return indexes.flatMap((index) => boot.lines[index] ?? []).filter(isOfKernel)
}
