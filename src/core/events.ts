import type { ProofOfBoot } from './boot-proof.ts'
import type { SerializedError } from './errors.ts'
import type { FileFetch } from './file-fetch.ts'
import type { Verdict } from './verdicts.ts'

/**
 * Everything a run has to tell, as plain data: one JSON object a line in `events.jsonl`. Terminal
 * output and every report are functions of this stream and of nothing else.
 *
 * `t` is milliseconds since the run began, on a monotonic clock; `run-started` gives the wall time.
 */
export type RunEvent = { readonly t: number } & RunEventBody

/**
 * The version of this format; a reader refuses a higher one.
 *
 * 2: what the kernel complained about is told by `kernel-finding`, all of it; before, the bytes had to be read.
 */
export const eventsVersion = 2

/** From this version on a run without `kernel-finding` is one in which the kernel complained about nothing. */
export const findingsSinceVersion = 2

export type RunEventBody =
  | RunStarted
  | EnvironmentResolved
  | BoardTaken
  | PowerSwitched
  | StateEntering
  | StateEntered
  | StateFailed
  | StepStarted
  | StepEnded
  | CommandRan
  | ConsoleReceived
  | ConsoleSent
  | ConsoleBreak
  | ConsoleLost
  | ConsoleBack
  | ConsoleClosed
  | ConsoleHanded
  | OtherConsoleEvent
  | FileFetched
  | TransferProgressed
  | BootProof
  | KernelFinding
  | KernelSources
  | SuiteFound
  | TestStarted
  | TestEnded
  | TestPast
  | SpecOutput
  | Note
  | BoardReleased
  | RunFinished

export interface RunStarted {
  readonly type: 'run-started'
  readonly eventsVersion: number
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly runId: string
  readonly argv: readonly string[]
  /** Absolute path of the environment file. */
  readonly environmentFile: string
  readonly specs: readonly string[]
  readonly boards: readonly string[]
  /** hil, node, and what the boards run on. */
  readonly versions: Readonly<Record<string, string>>
}

/** The environment with every default applied and secrets masked, so that a report can show it. */
export interface EnvironmentResolved {
  readonly type: 'environment'
  readonly yaml: string
}

export interface BoardTaken {
  readonly type: 'board-taken'
  readonly board: string
  readonly facts: { readonly architecture?: string | undefined; readonly compatible: readonly string[] }
  readonly versions: Readonly<Record<string, string>>
}

export interface PowerSwitched {
  readonly type: 'power'
  readonly board: string
  readonly action: 'on' | 'off'
  readonly ok: boolean
}

export interface StateEntering {
  readonly type: 'state-entering'
  readonly board: string
  readonly from: string
  readonly to: string
  /** 1 for the first try of this edge. */
  readonly attempt: number
  readonly budgetMs: number
}

export interface StateEntered {
  readonly type: 'state-entered'
  readonly board: string
  readonly from: string
  readonly to: string
  readonly durationMs: number
  /** How the state was reached: by an edge, found by a probe, or by a reset. */
  readonly by: 'edge' | 'probe' | 'reset'
}

export interface StateFailed {
  readonly type: 'state-failed'
  readonly board: string
  readonly from: string
  readonly to: string
  readonly attempt: number
  readonly durationMs: number
  readonly error: SerializedError
  readonly willRetry: boolean
}

/** A step is a named part of a test or an edge; steps nest by `parent`. */
export interface StepStarted {
  readonly type: 'step-started'
  readonly id: string
  readonly parent?: string
  readonly board?: string
  readonly test?: string
  readonly title: string
}

export interface StepEnded {
  readonly type: 'step-ended'
  readonly id: string
  readonly durationMs: number
  readonly error?: SerializedError
}

export interface CommandRan {
  readonly type: 'command'
  readonly board: string
  readonly where: 'bootloader' | 'shell' | 'ssh'
  readonly command: string
  readonly exitCode?: number
  readonly durationMs: number
  readonly error?: SerializedError
}

/** Bytes from the board. `text` where they are valid UTF-8, `base64` where they are not. */
export type ConsoleReceived = { readonly type: 'console-rx'; readonly board: string } & ConsoleBytes

/** Bytes to the board; what was typed as a password is `•••` of unknown length. */
export type ConsoleSent = { readonly type: 'console-tx'; readonly board: string } & ConsoleBytes

export type ConsoleBytes =
  { readonly text: string; readonly base64?: never } | { readonly base64: string; readonly text?: never }

/** A break was sent, for which Linux looks as SysRq. */
export interface ConsoleBreak {
  readonly type: 'console-break'
  readonly board: string
}

/** The line is away, and waited for: what is said or sent meanwhile may be missing. */
export interface ConsoleLost {
  readonly type: 'console-lost'
  readonly board: string
  readonly reason: string
}

export interface ConsoleBack {
  readonly type: 'console-back'
  readonly board: string
  readonly awayMs: number
}

/** The line is gone, and not waited for any more. */
export interface ConsoleClosed {
  readonly type: 'console-closed'
  readonly board: string
  readonly reason: string
}

/** The board fetched from hil's own server, or tried to; sent at the end of each fetch. */
export type FileFetched = { readonly type: 'file-fetched'; readonly board: string } & FileFetch

/** How far a file is on its way to a board or from it; sent at its beginning, now and then, and at its end. */
export interface TransferProgressed {
  readonly type: 'transfer-progress'
  readonly board: string
  readonly direction: 'put' | 'get'
  /** On the board. */
  readonly path: string
  /** In bytes of the file. */
  readonly done: number
  readonly total: number
  /** Whether it goes no further: it is there, or it failed. */
  readonly isOver: boolean
}

/** What a boot has proven of what was booted; sent once it can be told, for every boot. */
export type BootProof = { readonly type: 'boot-proof'; readonly board: string } & ProofOfBoot

/** The kernel, or what runs right before or after it, complained about something; sent when its report is complete. */
export interface KernelFinding {
  readonly type: 'kernel-finding'
  readonly board: string
  /** `fatal` and `error` and `warning` fail the test they come in; `info` is only told. */
  readonly level: 'fatal' | 'error' | 'warning' | 'info'
  /** Which family of splats, such as `kasan` or `hung-task`. */
  readonly kind: string
  /** For people: `KASAN: use-after-free Read in foo`. */
  readonly title: string
  /** The title without numbers and addresses: the same bug has the same one in every boot. */
  readonly signature: string
  /** Seconds on the kernel's clock. */
  readonly kernelTime?: number
  /** Where it stands on the console: [offset, end) in received bytes. */
  readonly offset: number
  readonly end: number
  /** The report, without time stamps. */
  readonly lines: readonly string[]
  /** Why not all of the report can be trusted. */
  readonly corrupted?: string
  /** Why it counts as `info` although it looks worse. */
  readonly excuse?: string
}

/** A person has the console from here on: what comes is theirs, and no evidence of what failed before. */
export interface ConsoleHanded {
  readonly type: 'console-handed'
  readonly board: string
}

/**
 * What happens on a console of the board beside its main one: told as of the main one, in an event around it, for
 * the bytes of each console are counted apart.
 */
export interface OtherConsoleEvent {
  readonly type: 'other-console'
  readonly board: string
  /** Its name in the environment: `secure`. */
  readonly console: string
  readonly event: OfConsole<ConsoleEventBody | KernelFinding>
}

/** What happens on a line. */
export type ConsoleEventBody =
  ConsoleReceived | ConsoleSent | ConsoleBreak | ConsoleLost | ConsoleBack | ConsoleClosed

type OfConsole<Event> = Event extends unknown ? Omit<Event, 'board'> : never

/** Where the places in a report are in the sources, found afterwards with the `vmlinux` of the kernel. */
export interface KernelSources {
  readonly type: 'kernel-sources'
  readonly board: string
  /** Which finding it is: its `offset`. */
  readonly offset: number
  readonly sources: readonly KernelSource[]
}

/** One place of a report. */
export interface KernelSource {
  /** Which of the finding's `lines` names it, counted from 0. */
  readonly line: number
  /** As it stands there: `foo+0x1c/0x40 [mod]`. */
  readonly place: string
  /** The function and those it was compiled into, the innermost first. */
  readonly calls: readonly { readonly function: string; readonly file: string; readonly line: number }[]
}

/** Since when a test fails that failed in this run, once all tests are over; where history knows it. */
export interface TestPast {
  readonly type: 'test-past'
  readonly id: string
  /** How many runs in a row it failed, this one included. */
  readonly failedRuns: number
  /** The first of them; this run where it is missing. */
  readonly since?: EarlierRun
  /** The run before them; it has not passed where it is missing. */
  readonly lastPassed?: EarlierRun
}

/** A run in history. */
export interface EarlierRun {
  /** ISO 8601, UTC. */
  readonly startedAt: string
  /** Where its report lies, as it was called when it was imported. */
  readonly directory: string
  /** What the kernel called itself, such as `6.12.1`. */
  readonly kernel?: string
}

/** Sent before the first test runs, so that reporters know the tree. */
export interface SuiteFound {
  readonly type: 'spec-loaded'
  /** Path of the spec, relative to the directory `hil` was started in. */
  readonly file: string
  readonly boards: readonly string[]
  readonly tests: readonly TestIdentity[]
}

export interface TestIdentity {
  /** Unique in a run. */
  readonly id: string
  readonly file: string
  readonly boards: readonly string[]
  /** The titles of the suites around it and its own, outermost first. */
  readonly titles: readonly string[]
}

export interface TestStarted extends TestIdentity {
  readonly type: 'test-started'
  /** 1 for the first try. */
  readonly attempt: number
}

export interface TestEnded {
  readonly type: 'test-ended'
  readonly id: string
  readonly attempt: number
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** `flaky` only on the last attempt, when an earlier one failed. */
  readonly verdict?: Verdict
  readonly durationMs: number
  readonly error?: SerializedError
  /** Why a test did not run, where it was not the spec that skipped it. */
  readonly reason?: string
  /** Which bytes of each board's console arrived during the test: [from, to) in received bytes. */
  readonly console: Readonly<Record<string, readonly [from: number, to: number]>>
  readonly willRetry: boolean
}

/** What a spec printed on stdout or stderr. */
export interface SpecOutput {
  readonly type: 'spec-output'
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
  readonly test?: string
}

/** A sentence people should see: a warning, a thing found out on the way. */
export interface Note {
  readonly type: 'note'
  readonly level: 'info' | 'warning' | 'error'
  readonly board?: string
  readonly message: string
  readonly facts?: Readonly<Record<string, unknown>>
}

export interface BoardReleased {
  readonly type: 'board-released'
  readonly board: string
  /** The power state it was left in, as read back or commanded. */
  readonly power: 'on' | 'off' | 'unknown'
  /** Clean-up that failed; never hides the run's verdict. */
  readonly failures: readonly string[]
}

export interface RunFinished {
  readonly type: 'run-finished'
  readonly verdict: Verdict
  readonly interruptedBy?: 'SIGINT' | 'SIGTERM'
  readonly exitCode: number
  /** What failed outside of any test: bad input, a board that could not be taken. */
  readonly error?: SerializedError
  readonly counts: {
    readonly passed: number
    readonly failed: number
    readonly skipped: number
    readonly flaky: number
  }
  readonly durationMs: number
}

/** Where events go. Never throws: a broken reader must not stop a run. */
export type EmitEvent = (event: RunEventBody) => void
