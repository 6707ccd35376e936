import type { Blame } from './errors.ts'

/**
 * What a run, a test or a probe means, and what each reader is told about it. Help, README and
 * reports are made from this table; nothing else maps a verdict to an exit code or a status.
 */
export const verdicts = {
  passed: { blame: undefined, means: 'every test passed', exit: 0, bisect: 0, junit: 'none', kcidb: 'PASS' },
  flaky: {
    blame: undefined,
    means: 'a test failed and then passed (exit 1 with --fail-on-flaky)',
    exit: 0,
    bisect: 0,
    junit: 'flakyFailure',
    kcidb: 'PASS',
  },
  'test-failed': {
    blame: 'test',
    means: 'a test failed',
    exit: 1,
    bisect: 1,
    junit: 'failure',
    kcidb: 'FAIL',
  },
  'board-failed': {
    blame: 'board',
    means: 'the board failed: panic, oops, hang, no output, wrong stage, silent reset',
    exit: 1,
    bisect: 1,
    junit: 'failure',
    kcidb: 'FAIL',
  },
  'payload-unusable': {
    blame: 'payload',
    means: 'the payload cannot be used: wrong architecture, no matching configuration, corrupt, build failed',
    exit: 2,
    bisect: 125,
    junit: 'error',
    kcidb: 'MISS',
  },
  'environment-wrong': {
    blame: 'environment',
    means: 'the environment file, the command line or a spec is wrong, or no test was found',
    exit: 2,
    bisect: 128,
    junit: 'error',
    kcidb: 'MISS',
  },
  'infrastructure-failed': {
    blame: 'infrastructure',
    means: 'power switch, console, network or lock failed, or it is not proven which kernel ran',
    exit: 3,
    bisect: 129,
    junit: 'error',
    kcidb: 'MISS',
  },
  'hil-bug': { blame: 'hil', means: 'a bug in hil', exit: 4, bisect: 131, junit: 'error', kcidb: 'MISS' },
} as const satisfies Record<string, VerdictRow>

interface VerdictRow {
  readonly blame: Blame | undefined
  /** One clause for people. */
  readonly means: string
  /** What `hil run` exits with. */
  readonly exit: number
  /** What `hil run --exit bisect` exits with, as `git bisect run` reads it (git-bisect(1)). */
  readonly bisect: number
  /** The element of a JUnit test case. */
  readonly junit: 'none' | 'flakyFailure' | 'failure' | 'error'
  /** The status of a KCIDB 5.3 test. */
  readonly kcidb: 'PASS' | 'FAIL' | 'MISS'
}

export type Verdict = keyof typeof verdicts

/** Of several verdicts the first in this list is the run's. */
const gravestFirst: readonly Verdict[] = [
  'hil-bug',
  'infrastructure-failed',
  'environment-wrong',
  'payload-unusable',
  'board-failed',
  'test-failed',
  'flaky',
  'passed',
]

export function gravest(all: readonly Verdict[]): Verdict {
  return gravestFirst.find((verdict) => all.includes(verdict)) ?? 'passed'
}

const verdictOfBlame: Readonly<Record<Blame, Verdict>> = {
  test: 'test-failed',
  board: 'board-failed',
  payload: 'payload-unusable',
  environment: 'environment-wrong',
  infrastructure: 'infrastructure-failed',
  hil: 'hil-bug',
}

/** Whether it blames nobody. */
export function isPass(verdict: Verdict): boolean {
  return verdicts[verdict].blame === undefined
}

export function verdictOf(blame: Blame): Verdict {
  return verdictOfBlame[blame]
}

/** What a shell reports for a process ended by a signal: 128 + the signal's number. */
export const interruptedExit = { SIGINT: 130, SIGTERM: 143 } as const
