import type { Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import type { CommandRunner } from '../command-runner.ts'
import { digests, type BoardDigest } from './digest.ts'
import { decoders, encoders, type TextDecoder, type TextEncoder } from './text-coding.ts'

/** Something that runs commands of a POSIX shell. */
export type PosixShell = Pick<CommandRunner, 'run'>

/** What a board has of the programs by which bytes go over a line of text. */
export interface Tools {
  readonly decoder: TextDecoder
  /** @throws HilError `transfer.no-program` (environment) */
  readonly encoder: TextEncoder
  /** Absent: what was typed is known by its echo alone. */
  readonly digest: BoardDigest | undefined
  /** Whether it can unpack and pack. */
  readonly gzip: boolean
}

export async function findTools(shell: PosixShell, t: Deadline): Promise<Tools> {
  const wanted = [...new Set([...decoders, ...encoders, ...digests].map(({ program }) => program)), 'gzip']
  const { stdout } = await shell.run(
    `for p in ${wanted.join(' ')};do command -v $p >/dev/null 2>&1&&echo $p;done;true`,
    t,
  )
  const there = stdout.split('\n')
  const first = <T extends { readonly program: string }>(all: readonly T[]) =>
    all.find(({ program }) => there.includes(program))
  const decoder = first(decoders)
  if (decoder === undefined) throw noProgram(decoders)
  return {
    decoder,
    get encoder() {
      const encoder = first(encoders)
      if (encoder === undefined) throw noProgram(encoders)
      return encoder
    },
    digest: first(digests),
    gzip: there.includes('gzip'),
  }
}

function noProgram(choice: readonly { readonly program: string }[]): HilError {
  const programs = choice.map(({ program }) => program)
  return new HilError(
    'transfer.no-program',
    `the board has none of ${programs.join(', ')}, one of which is needed to bring a file over its shell`,
    { blame: 'environment', details: { programs } },
  )
}
