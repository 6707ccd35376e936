import type { BisectionRecord, BuildRecord, ProbeRecord } from '../../../../src/core/bisection-record.ts'

/** A record of a bisection of which nothing is known but what is given. */
export function bisectionRecord(given: Partial<BisectionRecord>): BisectionRecord {
  return {
    version: 1,
    id: 'bisection',
    startedAt: '2026-01-01T00:00:00Z',
    argv: [],
    change: 'regression',
    terms: { old: 'good', new: 'bad' },
    source: { kind: 'kernel-tree', repository: '/linux', firstParent: false, paths: [], skipped: [] },
    ends: { failing: '', passing: [] },
    rangeSize: 0,
    commits: {},
    confidenceWanted: 0.99,
    environmentFile: 'env.yaml',
    specs: [],
    boards: [],
    builds: [],
    probes: [],
    setAside: {},
    boardsOut: {},
    activeMs: 0,
    notes: [],
    ...given,
  }
}

export function probeRecord(commit: string, outcome: ProbeRecord['outcome']): ProbeRecord {
  return {
    number: 1,
    commit,
    purpose: 'search',
    board: 'one',
    startedAt: '2026-01-01T00:00:00Z',
    durationMs: 1000,
    outcome,
    why: '',
    powerCycles: 1,
  }
}

export function buildRecord(commit: string, obstacle?: string): BuildRecord {
  return {
    commit,
    startedAt: '2026-01-01T00:00:00Z',
    durationMs: 1000,
    ...(obstacle === undefined ? { identity: commit } : { obstacle }),
  }
}
