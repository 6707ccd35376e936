/**
 * How much a finding means. `fatal`: the kernel does not go on. `error`: it found itself broken and may
 * go on. `warning`: it complains. `info`: worth a line in a report, never a reason to fail.
 */
export type Level = 'fatal' | 'error' | 'warning' | 'info'

/** Something the kernel, or what runs right after it, complained about. */
export interface Finding {
  /** Counts from 1 in the order of their first lines; the same in `onFinding` and `onReport`. */
  readonly id: number
  /** Which entry of the table of splats it is, such as `kasan` or `hung-task`. */
  readonly kind: string
  readonly level: Level
  /** One line for people, such as `KASAN: use-after-free Read in foo`. */
  readonly title: string
  /** The title without numbers and addresses: the same bug has the same signature in every boot. */
  readonly signature: string
  /** The function to look at first; `undefined` until the report names one. */
  readonly place: string | undefined
  /** The functions of its call trace, the innermost first; those that only help or report are left out. */
  readonly frames: readonly string[]
  readonly cpu: number | undefined
  /** The task that ran, as `Comm:` and `PID:` have it. */
  readonly task: { readonly name: string; readonly pid: number } | undefined
  /** Seconds on the kernel's clock; `undefined` where lines have no stamps. */
  readonly kernelTime: number | undefined
  /** When its first byte came, on the clock of whoever feeds the reader, in milliseconds. */
  readonly hostTimeMs: number
  /** Where its first byte is on the console, counted from 0. */
  readonly offset: number
  /** Where its last byte ends; lines of others may lie between. */
  readonly end: number
  /** Its first line on the console, counted from 1. */
  readonly line: number
  /** The report, without stamps, other tasks' lines taken out. */
  readonly lines: readonly string[]
  /** Why not all of the report can be trusted: cut short, or mixed with another; else `undefined`. */
  readonly corrupted: string | undefined
  /** The finding of which this is a consequence: the oops of a panic. */
  readonly causedBy: number | undefined
  /** Why it counts as `info`: a rule of the allow list, or what else speaks for it. */
  readonly excuse: string | undefined
}
