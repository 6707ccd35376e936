import type { SerializedError } from '../../core/errors.ts'
import type { BoardMethod, Caller } from '../board/board-calls.ts'

/**
 * What the parent, which owns the boards, and a worker, which runs specs, say to each other.
 * Messages go over Node's IPC channel with structured clones, in order in each direction.
 */

export type ToWorker =
  | { readonly type: 'load'; readonly files: readonly string[]; readonly settings: WorkerSettings }
  | ({ readonly type: 'run' } & FileRun)
  | ({ readonly type: 'reply' } & Reply)
  /** Calls a function that a call was given. */
  | { readonly type: 'callback'; readonly id: number; readonly at: number; readonly value: unknown }
  /** Sent before the reply to a call that changed it. */
  | { readonly type: 'state'; readonly board: string; readonly state: string }
  /** Ends the running file after its current test. */
  | { readonly type: 'stop' }
  | { readonly type: 'ping' }
  | { readonly type: 'end' }

export type FromWorker =
  | { readonly type: 'loaded'; readonly file: LoadedFile }
  | { readonly type: 'load-failed'; readonly file: string; readonly error: SerializedError }
  | { readonly type: 'all-loaded' }
  | TestBegan
  | TestResult
  | HookFailed
  /** A test or hook of which a limit of time is to be watched from outside begins or goes on. */
  | { readonly type: 'busy'; readonly timeoutMs: number }
  | { readonly type: 'idle' }
  | { readonly type: 'ran' }
  | BoardCall
  | { readonly type: 'cancel'; readonly calls: readonly number[] }
  | Debug
  | StepMessage
  | {
      readonly type: 'output'
      readonly stream: 'stdout' | 'stderr'
      readonly text: string
      readonly test?: string
    }
  | { readonly type: 'note'; readonly message: string }
  | { readonly type: 'pong' }

export interface WorkerSettings {
  /** Only tests whose full title matches; a regular expression's source. */
  readonly grep: string | undefined
  /** Limit of one test or hook, in milliseconds; 0 is none. */
  readonly timeoutMs: number
  readonly retries: number
  readonly repeatEach: number
  readonly bail: boolean
  /** No limits of time; failures stop for a person. */
  readonly debug: boolean
  /** The state for `useBoard` calls that name none. */
  readonly state: string | undefined
}

/** What is known of a spec once it is loaded. */
export interface LoadedFile {
  readonly file: string
  readonly tests: readonly LoadedTest[]
  readonly requirements: readonly BoardRequirement[]
}

export interface LoadedTest {
  /** Unique in its file, the same each time the file is loaded. */
  readonly key: string
  readonly titles: readonly string[]
}

/** One `useBoard` call. */
export interface BoardRequirement {
  /** `undefined`: whichever board the file is run on. */
  readonly board: string | undefined
  readonly state: string | undefined
  /** What the kernel may say meanwhile; checked by the parent. */
  readonly allow: readonly AllowedFinding[]
  /** `/path/a.spec.ts:3:7`, where it stands. */
  readonly place: string | undefined
}

/** As `kernel-log.allow` of an environment has it. */
export interface AllowedFinding {
  readonly signature?: string
  /** Source of a regular expression. */
  readonly pattern?: string
  readonly reason: string
  readonly until: string
}

/** A pass over a file: runs the tests that are not done. */
export interface FileRun {
  readonly file: string
  /** The board that `useBoard` without a name means. */
  readonly primary: string | undefined
  readonly boards: readonly BoardInfo[]
  /** Keys of tests that have their result. */
  readonly done: readonly string[]
  /** Attempts made so far, by key, where there were any. */
  readonly attempts: Readonly<Record<string, number>>
}

export interface BoardInfo {
  readonly name: string
  readonly facts: BoardFacts
}

/** What the environment says about a board. */
export interface BoardFacts {
  /** Undefined: the environment does not say. */
  readonly architecture: string | undefined
  readonly compatible: readonly string[]
  readonly features: readonly string[]
  /** By names that the environment gives them. */
  readonly options: Readonly<Record<string, unknown>>
}

export interface TestBegan {
  readonly type: 'test-began'
  readonly key: string
  readonly titles: readonly string[]
  /** What kernels may say while it runs, by board as in `BoardRequirement`. */
  readonly allow: readonly Pick<BoardRequirement, 'board' | 'allow'>[]
}

export interface TestResult {
  readonly type: 'test-result'
  readonly key: string
  readonly titles: readonly string[]
  readonly outcome: 'passed' | 'failed' | 'skipped'
  readonly durationMs: number
  readonly error?: SerializedError
  /** How many attempts the test has in all. */
  readonly maximumAttempts: number
}

/** A hook around a whole suite failed; `before all` keeps its tests from running. */
export interface HookFailed {
  readonly type: 'hook-failed'
  readonly titles: readonly string[]
  readonly durationMs: number
  readonly error: SerializedError
  /** Keys of tests that will not run because of it. */
  readonly affected: readonly string[]
}

export interface BoardCall {
  readonly type: 'call'
  readonly id: number
  readonly board: string
  readonly method: BoardMethod
  readonly args: readonly unknown[]
  /** Which of the arguments are functions of the worker's; `undefined` stands in their places. */
  readonly callbacks: readonly number[]
  readonly caller: Caller
}

export type Reply = { readonly id: number } & (
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: SerializedError }
)

/** A test failed in debug mode: answered when the person is done with the board. */
export interface Debug {
  readonly type: 'debug'
  readonly id: number
  readonly error: SerializedError
}

export type StepMessage = {
  readonly type: 'step'
  readonly id: string
} & (
  | { readonly begins: true; readonly parent?: string; readonly test?: string; readonly title: string }
  | { readonly begins: false; readonly durationMs: number; readonly error?: SerializedError }
)
