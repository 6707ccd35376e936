import type { SplatCandidate, SplatStart } from './families.ts'
import { findPlace, frameOf, isFrameOfItself, type Place } from './find-place.ts'
import type { SplatKind } from './splat-kind.ts'
import { callTrace, inCallTrace, stackStart } from './steps.ts'

export interface Title {
  readonly kind: SplatKind
  readonly title: string
  readonly place: string | undefined
  readonly frames: readonly string[]
  readonly corrupted: string | undefined
}

/**
 * Names a report from its lines. @param isComplete whether no more lines will come; until then entries
 * that still wait for a line of theirs are given the benefit of the doubt
 */
export function makeTitle(start: SplatStart, lines: readonly string[], isComplete: boolean): Title {
  const [first] = start.candidates
  if (first === undefined) throw new Error('a splat without candidates')
  for (const candidate of start.candidates) {
    const detail = findDetail(candidate.kind, lines)
    if (detail !== undefined) return fill(candidate, detail, lines)
    if (!isComplete) return fill(candidate, [], [])
  }
  return {
    kind: first.kind,
    title: restOfLine(first.text),
    ...noPlace,
    corrupted: 'its report is incomplete',
  }
}

const noPlace = { place: undefined, frames: [] }

/** The groups of the detail; `undefined` where the report has no such line. */
function findDetail({ detail }: SplatKind, lines: readonly string[]): readonly string[] | undefined {
  if (detail === undefined) return []
  for (const line of lines) {
    const match = detail.exec(line)
    if (match !== null) return match.slice(1).map((group: string | undefined) => group ?? '')
  }
  return undefined
}

function fill(
  { kind, groups, text }: SplatCandidate,
  detail: readonly string[],
  lines: readonly string[],
): Title {
  const found = placeOf(kind, lines)
  const values = [...groups, ...detail]
  const place = found.name === undefined ? '' : ` in ${found.name}`
  const title = (kind.title ?? restOfLine(text))
    .replace(/ in \{place\}(.{0,40})$/, (_, rest: string) => (place === '' ? '' : place + rest))
    .replaceAll(/\{(\d)\}/g, (_, number: string) => values[Number(number) - 1] ?? '')
    .trim()
  return {
    kind,
    title,
    place: found.name,
    frames: framesOf(kind, lines, found),
    corrupted: whyCorrupted(kind, found, title, lines),
  }
}

function placeOf({ place }: SplatKind, lines: readonly string[]): Place {
  return place === undefined ? { name: undefined, frames: [], isMixed: false } : findPlace(lines, place)
}

/** Who called whom, also where no rule says who is to blame. */
function framesOf({ isOneLine }: SplatKind, lines: readonly string[], found: Place): readonly string[] {
  if (isOneLine === true) return []
  const { frames } = findPlace(lines, inCallTrace)
  return frames.length > 0 ? frames : found.frames
}

function restOfLine(text: string): string {
  return text.slice(0, 200).trim()
}

function whyCorrupted(
  kind: SplatKind,
  found: Place,
  title: string,
  lines: readonly string[],
): string | undefined {
  if (kind.isRemnant === true) return 'its beginning is lost'
  if (found.isMixed) return 'another stack lies in its stack'
  if (kind.place !== undefined && found.name === undefined) return 'it names no function'
  if (found.isAlone === true || lacksTrace(kind, lines)) return 'its call trace is missing'
  return /\[ {0,8}\d{1,8}\.\d{6}\]/.test(title) ? 'another message lies in its first line' : undefined
}

/** Whether the call trace that such a report has did not come, or has nothing in it. */
function lacksTrace({ place }: SplatKind, lines: readonly string[]): boolean {
  if (place?.steps.includes(callTrace) !== true) return false
  const isThere = (line: string, at: number) =>
    isFrameOfItself(line) || (stackStart.test(line) && lines.slice(at + 1, at + 16).some(isFrame))
  return !lines.some(isThere)
}

function isFrame(line: string): boolean {
  return frameOf(line) !== null
}
