import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DriverContext } from '../../src/board/driver.ts'
import { formatUndoFailures, UndoStack } from '../../src/core/undo-stack.ts'

export interface TestContext extends DriverContext {
  readonly logged: readonly string[]
  /** What a run does at its end: undo everything, remove the temporary directory. */
  release(): Promise<void>
}

/** What drivers get in a run, for tests. Release it in `afterEach`. */
export async function createTestContext(overrides: Partial<DriverContext> = {}): Promise<TestContext> {
  const temporaryDirectory = await mkdtemp(join(tmpdir(), 'hil-test-'))
  const undo = new UndoStack()
  const logged: string[] = []
  return {
    board: 'board',
    temporaryDirectory,
    undo,
    fence: 1,
    logged,
    log: (message, facts) => logged.push(`${message} ${JSON.stringify(facts ?? {})}`),
    secret: () => Promise.reject(new Error('this test has no secrets')),
    ask: () => Promise.reject(new Error('this test has no person')),
    ...overrides,
    async release() {
      const failures = await undo.run()
      await rm(temporaryDirectory, { recursive: true, force: true })
      if (failures.length > 0) throw new Error(formatUndoFailures(failures))
    },
  }
}
