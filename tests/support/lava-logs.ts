import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from '../../src/kernel/finding.ts'

/** A log of LAVA's tests, and what LAVA finds in it. */
export interface LavaLog {
  readonly file: string
  readonly log: Buffer
  /** Of what it finds, in order, as far as the test names it; none where there is nothing to find. */
  readonly kinds: readonly string[]
  /** The job ends here: a panic, or a board that starts again. */
  readonly isFatal: boolean
}

const testFile = 'test_messages.py'

/** Whether a directory is LAVA's `tests/lava_dispatcher`. */
export function isLavaDirectory(directory: string): boolean {
  return existsSync(join(directory, testFile))
}

/** Reads the expectations from LAVA's own test: a function for each log. */
export function readLavaLogs(directory: string): readonly LavaLog[] {
  const functions = readFileSync(join(directory, testFile), 'utf8').split(/^ {4}def /m)
  return functions.flatMap((body) => {
    const file = /"(kernel[\w-]{0,40}\.txt)"/.exec(body)?.[1]
    const isFatal = /assertRaises(?:Regex)?\(\s{0,40}JobError/.test(body)
    const isEmpty = body.includes('assertEqual(results, [])')
    const kinds = [...body.matchAll(/results\[\d+\]\["kind"\], "(\w+)"/g)].map(([, kind]) => kind ?? '')
    // Of some logs it is only said how many there are, or that another exception is raised.
    if (file === undefined || (!isFatal && !isEmpty && kinds.length === 0)) return []
    return [{ file, log: readFileSync(join(directory, file)), kinds, isFatal }]
  })
}

/** What LAVA calls a finding; `undefined` for what it does not look for. */
export function lavaKind({ kind, title }: Finding): string | undefined {
  if (kind === 'kasan' || kind === 'kfence') return kind
  if (kind === 'oops' || kind === 'kernel-bug') return 'oops'
  if (title.startsWith('BUG: ')) return 'bug'
  return title.startsWith('WARNING') ? 'warning' : undefined
}
