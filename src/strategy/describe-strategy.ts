import { formatDuration } from '../core/duration.ts'
import type { CheckedEdge, Strategy } from './strategy.ts'

/** States and edges as text for a terminal. */
export function describeStrategy(strategy: Strategy): string {
  const { name, states, rest, edges, file } = strategy
  const stateLines = states.map((state) => [
    state.name,
    state.description + (state.name === rest ? ' (rest)' : ''),
  ])
  const edgeLines = edges.map((edge) => [`${edge.from} -> ${edge.to}`, costOf(edge)])
  return [
    `strategy ${name}${file === undefined ? '' : ` (${file})`}`,
    '',
    'states',
    ...columns(stateLines),
    '',
    'edges',
    ...columns(edgeLines),
    '',
  ].join('\n')
}

/** A Mermaid state diagram (mermaid.js.org, stateDiagram-v2), which GitHub and GitLab draw. */
export function toMermaid({ states, rest, edges }: Strategy): string {
  const idOf = (name: string) => `s${states.findIndex((state) => state.name === name)}`
  return [
    'stateDiagram-v2',
    ...states.map(({ name }) => `  state "${name.replaceAll('"', "'")}" as ${idOf(name)}`),
    `  [*] --> ${idOf(rest)}: reset`,
    ...edges.map((edge) => `  ${idOf(edge.from)} --> ${idOf(edge.to)}: ${costOf(edge)}`),
    '',
  ].join('\n')
}

function costOf({ budgetMs, retries }: CheckedEdge): string {
  const again = retries === 0 ? '' : `, ${retries} ${retries === 1 ? 'retry' : 'retries'}`
  return formatDuration(budgetMs) + again
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const width = Math.max(...rows.map(([first = '']) => first.length))
  return rows.map(([first = '', ...rest]) => `  ${first.padEnd(width)}  ${rest.join('  ')}`)
}
