import assert from 'node:assert/strict'
import type { AutobootDialect } from '../../../../src/drivers/bootloader/stop-autoboot.ts'
import { autobootDialect } from '../../../../src/drivers/bootloader/uboot/dialect.ts'
import { ubootSchema } from '../../../../src/drivers/bootloader/uboot.ts'
import { createTestContext, type TestContext } from '../../../support/driver-context.ts'
import { stopAutobootOn } from '../../../support/stop-autoboot-on.ts'

describe('A bootloader that something else has stopped', () => {
  let context: TestContext

  beforeEach(async () => {
    context = await createTestContext()
  })
  afterEach(() => context.release())

  /** It is at its prompt, where it echoes, when the first key arrives. */
  const interrupt = (dialect: AutobootDialect, announcement: string) => {
    const answer = (typed: readonly string[]) => {
      const key = typed.at(-1) ?? ''
      if (key === '\x03') return '<INTERRUPT>\r\n=> '
      return typed.length === 1 ? `\r\n=> ${key}` : key
    }
    return stopAutobootOn({ announcement, answer }, dialect, context)
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
