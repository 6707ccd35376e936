/**
 * Errors say who has to act. Blame, not the class of the exception, decides the exit code, the
 * JUnit element and what a bisection does with a failure (see `verdicts.ts`).
 */
import { inspect } from 'node:util'

/** Who has to act on a failure. */
export const blames = ['test', 'board', 'payload', 'environment', 'infrastructure', 'hil'] as const
export type Blame = (typeof blames)[number]

/** Facts about an error, plain data only: they are written to events and reports. */
export type ErrorDetails = Readonly<Record<string, unknown>>

export interface HilErrorOptions {
  readonly blame: Blame
  readonly details?: ErrorDetails
  readonly cause?: unknown
}

/**
 * An error with a stable code (`area.what`, e.g. `console.timeout`), a sentence for people that
 * holds the offending value, and the facts as fields.
 */
export class HilError extends Error {
  override readonly name = 'HilError'
  readonly code: string
  readonly blame: Blame
  readonly details: ErrorDetails

  constructor(code: string, message: string, { blame, details = {}, cause }: HilErrorOptions) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.blame = blame
    this.details = details
  }
}

/** An error that crossed a process border or went into a report. */
export interface SerializedError {
  readonly name: string
  readonly message: string
  readonly stack?: string
  readonly code?: string
  readonly blame?: Blame
  readonly details?: ErrorDetails
  readonly cause?: SerializedError
  /** What an assertion compared, as text. */
  readonly expected?: string
  readonly actual?: string
}

const maximumCauses = 5

export function toSerializedError(error: unknown, depth = 0): SerializedError {
  if (!(error instanceof Error)) return { name: 'Error', message: `Thrown: ${describe(error)}` }
  const { expected, actual } = error as { expected?: unknown; actual?: unknown }
  return {
    name: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error instanceof HilError ? { code: error.code, blame: error.blame, details: error.details } : {}),
    ...(error.cause === undefined || depth >= maximumCauses
      ? {}
      : { cause: toSerializedError(error.cause, depth + 1) }),
    ...(expected === undefined ? {} : { expected: describe(expected) }),
    ...(actual === undefined ? {} : { actual: describe(actual) }),
  }
}

/** The reverse of `toSerializedError`, so that a spec can catch what the parent process threw. */
export function fromSerializedError(serialized: SerializedError): Error {
  const cause = serialized.cause === undefined ? undefined : fromSerializedError(serialized.cause)
  const { code, blame, details = {} } = serialized
  if (code !== undefined && blame !== undefined) {
    return new HilError(code, serialized.message, { blame, details, cause })
  }
  const error = new Error(serialized.message, cause === undefined ? undefined : { cause })
  error.name = serialized.name
  if (serialized.stack !== undefined) error.stack = serialized.stack
  return error
}

/** The blame of anything that was thrown: what is no `HilError` is a bug of ours. */
export function blameOf(error: unknown): Blame {
  return error instanceof HilError ? error.blame : 'hil'
}

/** The sentence of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : describe(error)
}

/** JSON would make `{}` of a regular expression and of a Map, and throws at a BigInt. */
function describe(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value, { depth: 5, breakLength: 100, sorted: true })
}
