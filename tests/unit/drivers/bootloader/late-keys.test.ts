import assert from 'node:assert/strict'
import type { Transport } from '../../../../src/board/transport.ts'
import { startDeadline } from '../../../../src/core/deadline.ts'
import { stopAutoboot, type AutobootDialect } from '../../../../src/drivers/bootloader/stop-autoboot.ts'
import { autobootDialect } from '../../../../src/drivers/bootloader/uboot/dialect.ts'
import { ubootSchema } from '../../../../src/drivers/bootloader/uboot.ts'
import { createMemoryPair } from '../../../../src/transports/memory.ts'
import { openConsoleBench } from '../../../support/console-bench.ts'
import { createTestContext, type TestContext } from '../../../support/driver-context.ts'

describe('A bootloader that something else has stopped', () => {
  let context: TestContext

  beforeEach(async () => {
    context = await createTestContext()
  })
  afterEach(() => context.release())

  /** At its prompt, where it echoes, when the first key arrives. */
  async function interrupt(dialect: AutobootDialect, announcement: string) {
    using t = startDeadline(10_000, 'the test')
    const [ours, theirs] = createMemoryPair()
    const bench = await openConsoleBench(ours, context.undo)
    const typed: string[] = []
    const board: Transport = await theirs({
      data: (bytes) => {
        const text = Buffer.from(bytes).toString()
        typed.push(text)
        const isFirst = typed.length === 1
        void board.write(
          Buffer.from(text === '\x03' ? '<INTERRUPT>\r\n=> ' : `${isFirst ? '\r\n=> ' : ''}${text}`),
        )
      },
      closed: () => undefined,
    })
    context.undo.defer('the board', () => board.close())
    await board.write(Buffer.from(announcement))
    return { text: (await stopAutoboot(bench.take(), dialect, t)).text, typed }
  }

  const dialectOf = (options: object, stopString?: string) =>
    autobootDialect(ubootSchema.parse(options), { stopString, password: undefined })

  it('has its line cleared of the key that came too late', async () => {
    const announcement = 'Hit any key to stop autoboot:  2 '
    const found = await interrupt(dialectOf({}), announcement)
    assert.deepEqual(found, { text: '=> ', typed: [' ', '\x03'] })
  })

  it('has its line cleared of a whole word', async () => {
    const found = await interrupt(dialectOf({}, 'halt'), 'Autoboot in 3 seconds\r\n')
    assert.deepEqual(found, { text: '=> ', typed: ['halt', '\x03'] })
  })

  it('is sent no more keys, where they are sent from power-on', async () => {
    const { text, typed } = await interrupt(dialectOf({ interruptFromPowerOn: true, interrupt: 'space' }), '')
    assert.equal(text, '=> ')
    assert.equal(typed.at(-1), '\x03')
    assert.ok(typed.slice(0, -1).every((key) => key === ' '))
  })
})
