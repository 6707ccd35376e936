import assert from 'node:assert/strict'
import { HilError } from '../../../src/core/errors.ts'
import type { Sample } from './corpus.ts'

/** A reader of bytes from outside, and how it is held to what it promises. */
export interface FuzzTarget {
  readonly name: string
  /** Part of the inputs of all targets together. */
  readonly share: number
  corpus(): readonly Sample[]
  /** Reads the input. Throws when the result is wrong, or the error is not the codec's own. */
  check(input: Buffer): void | Promise<void>
}

/** What came of reading: a value, or the codec's own error. Any other error passes through. */
export type Outcome<T> =
  { readonly value: T; readonly code?: never } | { readonly code: string; readonly value?: never }

export function outcomeOf<T>(read: () => T, blame: HilError['blame'] = 'payload'): Outcome<T> {
  try {
    return { value: read() }
  } catch (error) {
    return { code: codeOf(error, blame) }
  }
}

export async function laterOutcomeOf<T>(read: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await read() }
  } catch (error) {
    return { code: codeOf(error, 'payload') }
  }
}

function codeOf(error: unknown, blame: HilError['blame']): string {
  if (!(error instanceof HilError)) throw error
  assert.equal(error.blame, blame, error.message)
  // A sentence for people: it ends somewhere, and holds no bytes that a terminal would obey.
  assert.ok(error.message.length < 10_000, `a message of ${error.message.length} characters`)
  return error.code
}
