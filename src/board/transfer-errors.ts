import { HilError } from '../core/errors.ts'
import { reasonOf } from '../core/reason-of.ts'

/** A file on this machine that can't be read or written. */
export function localError(file: string, cause: unknown): HilError {
  return new HilError('transfer.local', `${file} on this machine: ${reasonOf(cause)}`, {
    blame: 'test',
    details: { file },
    cause,
  })
}

/** For what fails with a file on this machine. @throws HilError `transfer.local` (test) */
export function refuseLocal(file: string): (cause: unknown) => never {
  return (cause) => {
    throw localError(file, cause)
  }
}

/** What the board said when it would not take or give a file. */
export function refusedError(path: string, said: string): HilError {
  if (isFull(said)) {
    return new HilError('transfer.no-space', `the board has no room for ${path}: ${lastLine(said)}`, {
      blame: 'board',
      details: { path, said },
    })
  }
  return new HilError('transfer.refused', `${path} on the board: ${lastLine(said)}`, {
    blame: 'test',
    details: { path, said },
  })
}

/** ENOSPC and EDQUOT in the words of the C library. */
export function isFull(said: string): boolean {
  return /no space left|quota exceeded/i.test(said)
}

export function damagedError(path: string, what: string): HilError {
  return new HilError('transfer.damaged', `${path} did not arrive as it was sent: ${what}`, {
    blame: 'infrastructure',
    details: { path },
  })
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
