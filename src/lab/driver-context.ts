import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DriverContext } from '../board/driver.ts'
import { HilError } from '../core/errors.ts'
import type { EmitEvent } from '../core/events.ts'
import type { Redactor } from '../core/redaction.ts'
import type { UndoStack } from '../core/undo-stack.ts'
import { readSecret } from './read-secret.ts'

export interface ContextOptions {
  readonly emit: EmitEvent
  readonly redactor: Redactor
  /** Asks the person at the terminal; absent where there is none. */
  readonly ask?: DriverContext['ask']
  /** Of the lease of the board. */
  readonly fence: number
}

/** What the drivers of a board get beside their options. */
export async function createDriverContext(
  board: string,
  { emit, redactor, fence, ask = noTerminal }: ContextOptions,
  undo: UndoStack,
): Promise<DriverContext> {
  const temporaryDirectory = await mkdtemp(join(tmpdir(), 'hil-'))
  undo.defer('removing the temporary directory', () =>
    rm(temporaryDirectory, { recursive: true, force: true }),
  )
  return {
    board,
    temporaryDirectory,
    undo,
    ask,
    fence,
    log: (message, facts) => {
      emit({ type: 'note', level: 'info', board, message, ...(facts && { facts }) })
    },
    secret: async (reference) => {
      const secret = await readSecret(reference)
      redactor.add(secret)
      return secret
    },
  }
}

function noTerminal(question: string): Promise<never> {
  return Promise.reject(
    new HilError('power.no-terminal', `nobody can be asked "${question}": there is no terminal`, {
      blame: 'environment',
    }),
  )
}
