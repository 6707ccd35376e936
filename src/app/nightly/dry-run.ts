import { formatDuration } from '../../core/duration.ts'
import { displayPath } from '../../environment/problems/problems.ts'
import { presentPayload } from '../../environment/schema/payload-schema.ts'
import { expandCells } from './plan/expand-cells.ts'
import type { Plan, PlannedPayload } from './plan/plan.ts'

/** What a night of this plan would do: nothing is built, and no board is touched. */
export function dryRunText(plan: Plan, cwd: string): string {
  const { cells, excluded } = expandCells(plan)
  const { boards, payloads, specs, timeMs, health } = plan
  const left = excluded === 0 ? '' : `, ${excluded} left out`
  const size = `${plural(cells.length, 'cell')}: ${plural(boards.length, 'board')} x ${plural(payloads.length, 'payload')} x ${plural(specs.length, 'spec')}${left}`
  const timeouts = new Map(specs.map(({ name, timeoutMs }) => [name, timeoutMs]))
  const widths = (['board', 'payload', 'spec'] as const).map((key) =>
    Math.max(0, ...cells.map((cell) => cell[key].length)),
  )
  const [board = 0, payload = 0, spec = 0] = widths
  return [
    `${plan.name}: ${size}, with ${displayPath(plan.environment.file, cwd)}`,
    timeMs === undefined ? 'no limit of time' : `${formatDuration(timeMs)} at most`,
    health === undefined
      ? 'no board is looked at before its first cell'
      : `each board has to boot what it has before its first cell (${health.specs.map((file) => displayPath(file, cwd)).join(', ')})`,
    '',
    'payloads',
    ...payloads.map((each) => `  ${each.name}: ${describePayload(each, cwd)}`),
    '',
    'cells, of each board in this order',
    ...cells.map((cell) =>
      [
        `  ${cell.board.padEnd(board)}  ${cell.payload.padEnd(payload)}  ${cell.spec.padEnd(spec)}`,
        `priority ${cell.priority}, ${formatDuration(timeouts.get(cell.spec) ?? 0)} at most`,
      ].join('  '),
    ),
  ]
    .map((line) => `${line}\n`)
    .join('')
}

/** `master of ~/linux`, `debian /srv/linux-image.deb`, `what the board boots by itself` */
export function describePayload(payload: PlannedPayload, cwd: string): string {
  const { bootargs } = payload
  return `${describeFiles(payload, cwd)}${bootargs.length === 0 ? '' : ` with ${bootargs.join(' ')}`}`
}

function describeFiles({ settings, source }: PlannedPayload, cwd: string): string {
  if (source !== undefined) {
    const how = source.build === undefined ? '' : `, built by "${source.build}"`
    return `${source.branch} of ${displayPath(source.repository, cwd)}${how}`
  }
  const given = Object.entries(presentPayload(settings)).filter(([, value]) => value !== undefined)
  if (given.length === 0) return 'what the board boots by itself'
  return given.map(([key, value]) => `${key} ${describe(value, cwd)}`).join(', ')
}

function describe(value: unknown, cwd: string): string {
  if (Array.isArray(value)) return value.map((each) => describe(each, cwd)).join(' ')
  if (typeof value !== 'string') return JSON.stringify(value)
  return value.startsWith('/') ? displayPath(value, cwd) : value
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
