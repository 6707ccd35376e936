import { HilError } from '../../core/errors.ts'
import { diskFull, saysDiskFull } from './disk-full.ts'

/** What a failed build printed, as far as it tells why. */
export interface BuildFailure {
  /** The first line that names an error, else the last one. */
  readonly error: string | undefined
  /** What the machine lacks: no commit is to blame. */
  readonly lack: Lack | undefined
}

type Lack =
  { readonly kind: 'disk' | 'memory' } | { readonly kind: 'program' | 'header'; readonly name: string }

/** Compilers, linkers, assemblers, dtc and modpost, in this order of trust; `make` only tells that there was one. */
const errorLine =
  /(?:^|[\s:])(?:fatal )?error: |: undefined reference to |: Error: |^ERROR: |^Error: |^FATAL ERROR: |: multiple definition of /
const makeLine = /^\S*make(?:\[\d+\])?: \*\*\* /

/** A shell's and make's words for a program that is not installed. */
const missingProgram =
  /^(?:\S*sh|\S*make)(?:\[\d+\])?:(?: (?:line )?\d+:)? ([\w.+/-]+): (?:(?:command )?not found|No such file or directory)$/
/** What the tools of a kernel build are compiled against. */
const missingHeader = /fatal error: ((?:openssl|gelf|libelf|gmp|mpc|zlib|zstd|ncurses)[\w/.-]*): No such file/
const outOfMemory =
  /Killed signal terminated program|: out of memory|virtual memory exhausted|Cannot allocate memory/

export async function readBuildFailure(lines: AsyncIterable<string>): Promise<BuildFailure> {
  let error: string | undefined
  let madeError: string | undefined
  let last: string | undefined
  let lack: Lack | undefined
  for await (const line of lines) {
    lack ??= lackOf(line)
    if (errorLine.test(line)) error ??= line.trim()
    if (makeLine.test(line)) madeError ??= line.trim()
    if (line.trim() !== '') last = line.trim()
  }
  return { error: error ?? madeError ?? last, lack }
}

function lackOf(line: string): Lack | undefined {
  if (saysDiskFull(line)) return { kind: 'disk' }
  if (outOfMemory.test(line)) return { kind: 'memory' }
  const program = missingProgram.exec(line)?.[1]
  if (program !== undefined) return { kind: 'program', name: program }
  const header = missingHeader.exec(line)?.[1]
  return header === undefined ? undefined : { kind: 'header', name: header }
}

/** @throws HilError `commits.disk-full`, `commits.build-memory` (infrastructure), `commits.build-tool` (environment) */
export function throwIfLacking({ lack }: BuildFailure, { where, log }: { where: string; log: string }): void {
  if (lack === undefined) return
  switch (lack.kind) {
    case 'disk':
      throw diskFull(where)
    case 'memory':
      throw new HilError(
        'commits.build-memory',
        `the build ran out of memory (${log}): end what else runs, then go on (a bisection with "hil bisect resume")`,
        { blame: 'infrastructure', details: { log } },
      )
    case 'program':
    case 'header':
      throw new HilError(
        'commits.build-tool',
        `the build needs ${lack.name}, which is not on this machine: install it (${log})`,
        { blame: 'environment', details: { log, name: lack.name } },
      )
  }
}
