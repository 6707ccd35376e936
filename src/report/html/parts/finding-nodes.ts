import { plainText } from '../../rendered-text.ts'
import type { Part } from '../../run-record.ts'
import { markup, type Markup } from '../markup.ts'
import type { FoundInKernel } from '../run-timeline.ts'
import { node } from './tree-node.ts'

/** So many findings are shown in one place, and so many lines of each: a kernel can complain a thousand times. */
const mostFindings = 50
const mostLines = 80

/** A part of a test, with the findings that came within it; or a finding between two parts. */
export type Placed =
  { readonly part: Part; readonly findings: readonly FoundInKernel[] } | { readonly finding: FoundInKernel }

/**
 * Puts findings where they came: into the step that went on, or after the state, command or step before them.
 * What has no parts (a state, a command) takes none.
 */
export function placeFindings(parts: readonly Part[], findings: readonly FoundInKernel[]): readonly Placed[] {
  const left = new Set(findings.slice(0, mostFindings))
  const placed: { readonly at: number; readonly item: Placed }[] = parts.map((part) => {
    const end = part.at + (part.durationMs ?? Infinity)
    const inside = part.kind === 'step' ? [...left].filter(({ t }) => t >= part.at && t <= end) : []
    for (const finding of inside) left.delete(finding)
    return { at: part.at, item: { part, findings: inside } }
  })
  const between = [...left].map((finding) => ({ at: finding.t, item: { finding } }))
  return [...placed, ...between].sort((one, other) => one.at - other.at).map(({ item }) => item)
}

/** What the kernel complained about, with its words. */
export function findingNode(finding: FoundInKernel): Markup {
  const { board, t, until, level, title, from, lines, corrupted, excuse } = finding
  return node({
    kind: 'finding',
    title,
    tone: toneOfLevel[level],
    // Who excuses it need not be told that it is incomplete.
    note: [level === 'info' ? undefined : level, excuse ?? corrupted]
      .filter((text) => text !== undefined)
      .join(', '),
    board,
    span: { from: t, to: until },
    byte: from,
    body: lines.length === 0 ? undefined : report(finding),
  })
}

/** Its lines, each with its place in the sources where that is known. */
function report({ lines, sources = [] }: FoundInKernel): Markup {
  const shown = lines.slice(0, mostLines).map((line, index) => {
    const calls = sources.filter((source) => source.line === index).flatMap((source) => source.calls)
    const places = calls.map((call) => plainText(`${call.function} at ${call.file}:${call.line}`))
    return [
      markup`${index === 0 ? undefined : '\n'}${line}`,
      ...places.map((place) => markup`\n    <span class="source">${place}</span>`),
    ]
  })
  const left = lines.length - mostLines
  return markup`<pre class="report">${shown}${left > 0 ? `\n(${left} lines more on the console)` : undefined}</pre>`
}

const toneOfLevel = { fatal: 'bad', error: 'bad', warning: 'doubtful', info: 'neutral' } as const
