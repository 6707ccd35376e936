import { startDeadline } from '../../src/core/deadline.ts'
import type { Transport } from '../../src/board/transport.ts'
import { stopAutoboot, type AutobootDialect } from '../../src/drivers/bootloader/stop-autoboot.ts'
import { createMemoryPair } from '../../src/transports/memory.ts'
import { openConsoleBench } from './console-bench.ts'
import type { TestContext } from './driver-context.ts'

/** A bootloader in the hands of a test. */
export interface ScriptedBootloader {
  readonly announcement: string
  /** @param typed all that was typed so far, the newest last */
  readonly answer: (typed: readonly string[]) => string
}

/** @returns what matched as the prompt, and all that was typed until then */
export async function stopAutobootOn(
  { announcement, answer }: ScriptedBootloader,
  dialect: AutobootDialect,
  { undo }: TestContext,
): Promise<{ readonly text: string; readonly typed: readonly string[] }> {
  using t = startDeadline(10_000, 'test')
  const [ours, theirs] = createMemoryPair()
  const bench = await openConsoleBench(ours, undo)
  const typed: string[] = []
  const board: Transport = await theirs({
    data: (bytes) => {
      typed.push(Buffer.from(bytes).toString())
      void board.write(Buffer.from(answer(typed)))
    },
    closed: () => undefined,
  })
  undo.defer('the board', () => board.close())
  await board.write(Buffer.from(announcement))
  const { text } = await stopAutoboot(bench.take(), dialect, t)
  return { text, typed }
}
