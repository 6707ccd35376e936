import type { CellAttempt, EarlierNight, NightCell, NightRecord } from '../../../../src/core/night-record.ts'
import type { Verdict } from '../../../../src/core/verdicts.ts'

/** A night of which nothing has been run. */
export function nightOf(
  boards: readonly string[],
  payloads: readonly string[],
  specs: readonly string[],
  priorities: Readonly<Record<string, number>> = {},
): NightRecord {
  const cells = boards.flatMap((board) =>
    payloads.flatMap((payload) =>
      specs.map((spec): NightCell => {
        const id = `${board}/${payload}/${spec}`
        return { id, board, payload, spec, priority: priorities[payload] ?? 0, attempts: [] }
      }),
    ),
  )
  return {
    ...{
      version: 1,
      id: 'n',
      name: 'n',
      planFile: 'plan.yaml',
      startedAt: new Date(0).toISOString(),
      argv: [],
    },
    ...{ environmentFile: 'e', versions: {}, boards, specs: specs.map((name) => ({ name, files: [] })) },
    payloads: payloads.map((name) => ({ name, description: name })),
    cells: cells.toSorted((a, b) => b.priority - a.priority),
    ...{ health: [], boardsOut: {}, bisections: [], notes: [], activeMs: 0 },
  }
}

export function attemptOf(verdict: Verdict, parts: Partial<CellAttempt> = {}): CellAttempt {
  const counts = { passed: 1, failed: 0, skipped: 0, flaky: 0 }
  return {
    startedAt: new Date(0).toISOString(),
    durationMs: 1,
    verdict,
    why: verdict,
    counts,
    powerCycles: 1,
    ...parts,
  }
}

/** A night of one board and one payload that is over. @param results what each spec came to, and how long it took to boot */
export function pastNight(
  results: Readonly<Record<string, readonly [verdict: Verdict, bootMs: number]>>,
): NightRecord {
  const night = nightOf(['a'], ['p'], Object.keys(results))
  const cells = night.cells.map((cell): NightCell => {
    const [outcome, bootMs] = results[cell.spec] ?? ['hil-bug', 0]
    return { ...cell, outcome, why: outcome, attempts: [attemptOf(outcome, { bootMs })] }
  })
  return { ...night, cells, finishedAt: new Date(1000).toISOString() }
}

/** What history keeps of it. */
export function asEarlier({ id, name, cells }: NightRecord): EarlierNight {
  return {
    ...{ id, name, startedAt: 0, directory: 'reports/n' },
    cells: cells.map(({ id: cell, payload, outcome = 'not-run', attempts }) => {
      const bootMs = attempts.at(-1)?.bootMs
      return { id: cell, payload, outcome, ...(bootMs !== undefined && { bootMs }) }
    }),
  }
}
