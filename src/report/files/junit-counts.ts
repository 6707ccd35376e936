export interface Counts {
  readonly tests: number
  readonly failures: number
  readonly errors: number
  readonly skipped: number
}

export interface Counted {
  readonly xml: string
  readonly counts: Counts
}

export const noCounts: Counts = { tests: 0, failures: 0, errors: 0, skipped: 0 }

export function add(a: Counts, b: Counts): Counts {
  return {
    tests: a.tests + b.tests,
    failures: a.failures + b.failures,
    errors: a.errors + b.errors,
    skipped: a.skipped + b.skipped,
  }
}
