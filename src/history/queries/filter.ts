/** Which part of history is asked for. */
export interface HistoryFilter {
  /** Runs that began then or later, in milliseconds since 1970. */
  readonly since: number
  readonly board?: string | undefined
}

/** A run, as answers point to it. */
export interface RunPoint {
  readonly run: string
  /** In milliseconds since 1970. */
  readonly startedAt: number
  /** Where its report lies, as it was called when it was imported. */
  readonly directory: string
  /** What the kernel called itself, such as `6.12.1`. */
  readonly kernel: string | undefined
}

/** Where something ran: boards of one name can be very different ones in two environments. */
export interface Place {
  readonly board: string
  /** File name of the environment. */
  readonly environment: string
}
