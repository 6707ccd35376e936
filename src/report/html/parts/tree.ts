import { skipReason, verdictOfAttempt } from '../../failure.ts'
import { finalAttempt } from '../../run-record.ts'
import type {
  AttemptRecord,
  BoardRecord,
  Part,
  RunRecord,
  SpecRecord,
  TestRecord,
  Transition,
} from '../../run-record.ts'
import { markup, type Markup } from '../markup.ts'
import type { FoundInKernel, RunTimeline } from '../run-timeline.ts'
import { errorBlock } from './error-block.ts'
import { findingNode, placeFindings } from './finding-nodes.ts'
import { node } from './tree-node.ts'

/** Boards, specs, suites, tests, attempts, states and steps; what failed is open, what passed is closed. */
export function tree(record: RunRecord, timeline: RunTimeline): Markup {
  const groups = groupByBoards(record.specs)
  const idle = record.boards.filter(({ name }) => !groups.some(({ boards }) => boards.includes(name)))
  return markup`<ul role="tree" aria-label="Boards, tests and steps" id="tree">
    ${groups.map(({ boards, specs }) => groupNode(boards, specs, record, timeline))}
    ${idle.map((board) => groupNode([board.name], [], record, timeline))}
  </ul>`
}

interface Group {
  readonly boards: readonly string[]
  readonly specs: readonly SpecRecord[]
}

function groupByBoards(specs: readonly SpecRecord[]): readonly Group[] {
  const groups = new Map<string, { boards: readonly string[]; specs: SpecRecord[] }>()
  for (const spec of specs) {
    const key = spec.boards.join('\0')
    const group = groups.get(key) ?? { boards: spec.boards, specs: [] }
    group.specs.push(spec)
    groups.set(key, group)
  }
  return [...groups.values()]
}

function groupNode(
  boards: readonly string[],
  specs: readonly SpecRecord[],
  record: RunRecord,
  timeline: RunTimeline,
): Markup {
  const own = record.boards.filter(({ name }) => boards.includes(name))
  const facts = own.map(({ facts }) => facts?.architecture).filter((fact) => fact !== undefined)
  return node({
    kind: 'board',
    title: boards.join(' + '),
    note: [...new Set(facts)].join(', '),
    isOpen: true,
    children: [
      ...specs.map((spec) => specNode(spec, timeline)),
      ...own.flatMap((board) => outsideOfTests(board, record, timeline)),
    ],
  })
}

/** How a board was brought to where it was when no test held it, and what its kernel said then. */
function outsideOfTests(board: BoardRecord, { specs }: RunRecord, timeline: RunTimeline): readonly Markup[] {
  const inTests = new Set<Part>(
    specs.flatMap(({ tests }) =>
      tests.flatMap(({ attempts }) => attempts.flatMap(({ parts }) => deepParts(parts))),
    ),
  )
  const own = timeline.boards.find(({ name }) => name === board.name)
  const findings = (own?.findings ?? []).filter(
    ({ t }) => !own?.tests.some(({ from, to }) => t >= from && t <= to),
  )
  return partNodes(
    board.transitions.filter((transition) => !inTests.has(transition)),
    board.name,
    findings,
  )
}

function deepParts(parts: readonly Part[]): readonly Part[] {
  return parts.flatMap((part) => (part.kind === 'step' ? [part, ...deepParts(part.parts)] : [part]))
}

function specNode({ file, tests }: SpecRecord, timeline: RunTimeline): Markup {
  return node({ kind: 'spec', title: file, isOpen: true, children: suiteNodes(tests, 0, timeline) })
}

/** Tests that stand one after the other in one suite are put together under its title. */
function suiteNodes(tests: readonly TestRecord[], depth: number, timeline: RunTimeline): readonly Markup[] {
  const nodes: Markup[] = []
  for (let index = 0; index < tests.length;) {
    const test = tests[index]
    if (test === undefined) break
    const suite = test.identity.titles.length > depth + 1 ? test.identity.titles[depth] : undefined
    const rest = tests.slice(index)
    const end = suite === undefined ? 1 : rest.findIndex((other) => suiteAt(other, depth) !== suite)
    const members = end === -1 ? rest : rest.slice(0, end)
    nodes.push(
      suite === undefined
        ? testNode(test, timeline)
        : node({
            kind: 'suite',
            title: suite,
            isOpen: true,
            children: suiteNodes(members, depth + 1, timeline),
          }),
    )
    index += members.length
  }
  return nodes
}

function suiteAt({ identity: { titles } }: TestRecord, depth: number): string | undefined {
  return titles.length > depth + 1 ? titles[depth] : undefined
}

function testNode(test: TestRecord, timeline: RunTimeline): Markup {
  const { id, titles, boards } = test.identity
  const last = finalAttempt(test)
  const verdict = last === undefined ? undefined : verdictOfAttempt(last.ended)
  const outcome = verdict ?? (last === undefined ? 'unfinished' : 'skipped')
  const isFailed = last?.ended.outcome === 'failed'
  const isOne = test.attempts.length <= 1
  const attempt = test.attempts.at(-1)
  return node({
    kind: 'test',
    title: titles.at(-1) ?? '',
    outcome,
    duration: outcome === 'skipped' ? undefined : last?.ended.durationMs,
    note: testNote(test),
    board: boards[0],
    span: attempt && timeline.spanOf(id, attempt.attempt),
    isOpen: isFailed || last === undefined,
    body: isFailed && isOne ? errorBlock(test, last) : undefined,
    children: isOne
      ? partNodes(
          attempt?.parts ?? [],
          boards[0],
          attempt === undefined ? [] : findingsIn(test, attempt, timeline),
        )
      : test.attempts.map((one) => attemptNode(test, one, timeline)),
  })
}

function testNote(test: TestRecord): string | undefined {
  const last = finalAttempt(test)
  if (last === undefined) return test.attempts.length === 0 ? 'not run' : 'not finished'
  const verdict = verdictOfAttempt(last.ended)
  if (verdict === undefined)
    return ['skipped', skipReason(last.ended)].filter((text) => text !== undefined).join(': ')
  return verdict === 'flaky' ? `flaky: passed on attempt ${last.attempt}` : undefined
}

function attemptNode(test: TestRecord, attempt: AttemptRecord, timeline: RunTimeline): Markup {
  const { ended, parts } = attempt
  const { id, boards } = test.identity
  const isFailed = ended?.outcome === 'failed'
  const isLast = attempt === test.attempts.at(-1)
  return node({
    kind: 'attempt',
    title: `attempt ${attempt.attempt}`,
    outcome: ended === undefined ? 'unfinished' : isFailed ? 'failed' : 'passed',
    duration: ended?.durationMs,
    board: boards[0],
    span: timeline.spanOf(id, attempt.attempt),
    isOpen: isFailed && isLast,
    body: isFailed && ended !== undefined ? errorBlock(test, { ...attempt, ended }) : undefined,
    children: partNodes(parts, boards[0], findingsIn(test, attempt, timeline)),
  })
}

/** What the kernels said during an attempt. */
function findingsIn(
  { identity: { id, boards } }: TestRecord,
  { attempt }: AttemptRecord,
  timeline: RunTimeline,
): readonly FoundInKernel[] {
  return timeline.boards
    .filter(({ name }) => boards.includes(name))
    .flatMap(({ findings, tests }) => {
      const span = tests.find((test) => test.id === id && test.attempt === attempt)
      return findings.filter(({ t }) => span !== undefined && t >= span.from && t <= span.to)
    })
}

/** Parts in order, each finding after the part in which it came, or within it. */
function partNodes(
  parts: readonly Part[],
  board: string | undefined,
  findings: readonly FoundInKernel[],
): readonly Markup[] {
  return placeFindings(parts, findings).map((item) =>
    'part' in item ? partNode(item.part, board, item.findings) : findingNode(item.finding),
  )
}

function partNode(part: Part, board: string | undefined, findings: readonly FoundInKernel[]): Markup {
  const span = { from: part.at, to: part.at + (part.durationMs ?? 0) }
  const shared = { board: part.board ?? board, span, duration: part.durationMs }
  const outcome = part.error === undefined ? undefined : 'failed'
  switch (part.kind) {
    case 'transition':
      return node({
        ...shared,
        kind: 'state',
        title: transitionTitle(part),
        outcome,
        note: part.willRetry ? 'tried again' : undefined,
      })
    case 'command': {
      const code = part.exitCode === undefined || part.exitCode === 0 ? undefined : `exit ${part.exitCode}`
      return node({ ...shared, kind: 'command', title: part.command, outcome, note: code })
    }
    case 'step':
      return node({
        ...shared,
        kind: 'step',
        title: part.title,
        outcome,
        note: part.durationMs === undefined ? 'not finished' : undefined,
        isOpen: outcome === 'failed',
        children: partNodes(part.parts, shared.board, findings),
      })
  }
}

function transitionTitle({ from, to, by, attempt }: Transition): string {
  if (by === 'probe') return `found in ${to}`
  return `${from} → ${to}${by === 'reset' ? ' (reset)' : ''}${attempt > 1 ? ` (attempt ${attempt})` : ''}`
}
