import type { ProofOfBoot } from '../core/boot-proof.ts'
import type { SerializedError } from '../core/errors.ts'
import type {
  BoardReleased,
  BoardTaken,
  KernelFinding,
  KernelSource,
  Note,
  RunFinished,
  RunStarted,
  TestEnded,
  TestIdentity,
  TestPast,
  TransferProgressed,
} from '../core/events.ts'
import type { ConsoleLine } from './console-text.ts'

/** What the events of a run say, up to now, put together: plain data that every report reads. */
export interface RunRecord {
  readonly started: RunStarted | undefined
  readonly finished: RunFinished | undefined
  /** YAML, secrets masked. */
  readonly environment: string | undefined
  /** Milliseconds of the last event. */
  readonly t: number
  readonly boards: readonly BoardRecord[]
  /** The consoles of the boards beside their main ones that have said something. */
  readonly otherConsoles: readonly OtherConsoleRecord[]
  readonly specs: readonly SpecRecord[]
  readonly notes: readonly (Note & { readonly t: number })[]
}

export interface BoardRecord {
  readonly name: string
  readonly facts: BoardTaken['facts'] | undefined
  readonly versions: Readonly<Record<string, string>>
  /** `undefined` until it is known. */
  readonly state: string | undefined
  readonly power: BoardReleased['power']
  /** Where the board is on its way to, and since when. */
  readonly entering: { readonly to: string; readonly since: number; readonly budgetMs: number } | undefined
  /** The file that is on its way now. */
  readonly transfer: TransferProgressed | undefined
  /** The identity of the test that holds the board now. */
  readonly test: TestIdentity | undefined
  readonly transitions: readonly Transition[]
  readonly boots: readonly BootRecord[]
  readonly findings: readonly FindingRecord[]
  readonly received: number
  /** The last console lines, oldest first, the unfinished one included. */
  readonly lastLines: readonly ConsoleLine[]
  readonly closed: string | undefined
  readonly released: BoardReleased | undefined
}

export interface OtherConsoleRecord extends Pick<BoardRecord, 'findings' | 'lastLines' | 'closed'> {
  readonly board: string
  /** Of the board and the console: `rock3a/secure`. */
  readonly name: string
}

/** What a boot has proven. */
export type BootRecord = ProofOfBoot & { readonly at: number }

/** What the kernel complained about. */
export type FindingRecord = Omit<KernelFinding, 'type' | 'board'> & {
  readonly at: number
  /** Where it is in the sources, where the kernel's `vmlinux` was given. */
  readonly sources?: readonly KernelSource[]
}

/** One try to bring a board from a state to another. */
export interface Transition {
  readonly kind: 'transition'
  readonly board: string
  readonly from: string
  readonly to: string
  readonly attempt: number
  readonly at: number
  readonly durationMs: number
  readonly by: 'edge' | 'probe' | 'reset'
  readonly error?: SerializedError
  readonly willRetry?: boolean
}

/** A named part of a test. */
export interface StepRecord {
  readonly kind: 'step'
  readonly id: string
  readonly title: string
  readonly board?: string
  readonly at: number
  /** Absent while it runs, or when it was cut off. */
  readonly durationMs?: number
  readonly error?: SerializedError
  readonly parts: readonly Part[]
}

export interface CommandRecord {
  readonly kind: 'command'
  readonly board: string
  readonly where: 'bootloader' | 'shell' | 'ssh'
  readonly command: string
  readonly at: number
  readonly exitCode?: number
  readonly durationMs: number
  readonly error?: SerializedError
}

/** What a test did, in order. */
export type Part = Transition | StepRecord | CommandRecord

/** The tests of one spec file on one board or group of boards. */
export interface SpecRecord {
  readonly file: string
  readonly boards: readonly string[]
  readonly tests: readonly TestRecord[]
}

export interface TestRecord {
  readonly identity: TestIdentity
  readonly attempts: readonly AttemptRecord[]
  /** Since when it fails, where it failed and history knows. */
  readonly past?: Omit<TestPast, 'type' | 'id'>
}

export interface AttemptRecord {
  readonly attempt: number
  readonly at: number
  /** Absent while it runs, or when the run was cut off. */
  readonly ended?: TestEnded
  readonly parts: readonly Part[]
  /** What the spec printed during the test. */
  readonly output: string
  /** The last console lines of each of its boards at the end of a failed attempt. */
  readonly lastLines: Readonly<Record<string, readonly ConsoleLine[]>>
}

/** How a test ended after all attempts; `undefined` when it did not. */
export function finalAttempt(test: TestRecord): (AttemptRecord & { ended: TestEnded }) | undefined {
  const last = test.attempts.at(-1)
  return last?.ended === undefined ? undefined : { ...last, ended: last.ended }
}

/** A test with the spec it is in. */
export interface FoundTest {
  readonly spec: SpecRecord
  readonly test: TestRecord
}

export function findTest(record: RunRecord, id: string | undefined): FoundTest | undefined {
  for (const spec of record.specs) {
    const test = spec.tests.find(({ identity }) => identity.id === id)
    if (test !== undefined) return { spec, test }
  }
  return undefined
}

/** `boot › reaches userspace` */
export function titleOf({ titles }: Pick<TestIdentity, 'titles'>): string {
  return titles.join(' › ')
}
