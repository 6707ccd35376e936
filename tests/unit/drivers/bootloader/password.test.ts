import assert from 'node:assert/strict'
import { bareboxImage } from '../../../../scripts/setup/places.mjs'
import { startDeadline } from '../../../../src/core/deadline.ts'
import { autobootDialect as bareboxDialect } from '../../../../src/drivers/bootloader/barebox/dialect.ts'
import { bareboxBootloader, bareboxSchema } from '../../../../src/drivers/bootloader/barebox.ts'
import type { AutobootDialect } from '../../../../src/drivers/bootloader/stop-autoboot.ts'
import { autobootDialect as ubootDialect } from '../../../../src/drivers/bootloader/uboot/dialect.ts'
import { ubootSchema } from '../../../../src/drivers/bootloader/uboot.ts'
import { qemuMachine } from '../../../../src/drivers/machine/qemu.ts'
import { openConsoleBench } from '../../../support/console-bench.ts'
import { createTestContext, type TestContext } from '../../../support/driver-context.ts'
import { stopAutobootOn } from '../../../support/stop-autoboot-on.ts'
import { describeWith } from '../../../support/requirements.ts'

/** A bootloader that stops at a key, and then asks for a password until it gets the right one. */
interface Locked {
  readonly announcement: string
  readonly ask: string
  readonly prompt: string
}

let context: TestContext

function interruptLocked(dialect: AutobootDialect, { announcement, ask, prompt }: Locked) {
  const answer = (typed: readonly string[]) => `\r\n${typed.at(-1) === 'geheim\r' ? prompt : ask}`
  return stopAutobootOn({ announcement, answer }, dialect, context)
}

const barebox = {
  announcement: '\r\nHit m for menu or ctrl-c to stop autoboot:    3',
  ask: 'Password: ',
  prompt: 'barebox@board:/ ',
}
const uboot = { announcement: 'Autoboot in 3 seconds\r\n', ask: 'enter Password: ', prompt: '=> ' }

describe('A bootloader that asks for a password', () => {
  beforeEach(async () => {
    context = await createTestContext()
  })

  afterEach(() => context.release())

  it('gets it, and its prompt is reached', async () => {
    const ofBarebox = bareboxDialect(bareboxSchema.parse({}), 'geheim')
    assert.deepEqual(await interruptLocked(ofBarebox, barebox), {
      text: 'barebox@board:/ ',
      typed: ['\x03', 'geheim\r'],
    })
    const secrets = { stopString: undefined, password: 'geheim' }
    assert.deepEqual((await interruptLocked(ubootDialect(ubootSchema.parse({}), secrets), uboot)).typed, [
      ' ',
      'geheim\r',
    ])
  })

  it('is known by the question and the announcement that the environment names', async () => {
    const options = ubootSchema.parse({ passwordPrompt: 'PIN\\?', autoboot: 'wait' })
    const secrets = { stopString: undefined, password: 'geheim' }
    const own = { announcement: 'wait 5', ask: 'PIN? ', prompt: '=> ' }
    assert.equal((await interruptLocked(ubootDialect(options, secrets), own)).text, '=> ')
    const ofBarebox = bareboxDialect(bareboxSchema.parse({ autoboot: 'Boot starts' }), 'geheim')
    const { typed } = await interruptLocked(ofBarebox, { ...barebox, announcement: '\r\nBoot starts' })
    assert.deepEqual(typed, ['\r', 'geheim\r'])
  })

  it('is not asked forever where the password is wrong', async () => {
    const dialect = bareboxDialect(bareboxSchema.parse({}), 'falsch')
    await assert.rejects(interruptLocked(dialect, barebox), {
      code: 'bootloader.no-prompt',
      message: /does not take the password of the environment; look at bootloader\.password/,
    })
  })

  describeWith(['barebox'], 'as a real barebox does', function () {
    this.timeout(60_000)

    it('gets it from a secret', async () => {
      using t = startDeadline(50_000, 'test')
      const withSecret = await createTestContext({ secret: () => Promise.resolve('geheim') })
      context.undo.defer('the context', () => withSecret.release())
      const machine = await qemuMachine.open(
        qemuMachine.schema.parse({ firmware: bareboxImage() }),
        context,
        t,
      )
      const bench = await openConsoleBench(machine.openConsole, context.undo)
      const options = bareboxBootloader.schema.parse({ password: { env: 'BAREBOX_PASSWORD' } })
      const driver = await bareboxBootloader.open(options, withSecret, t)
      await machine.power.on(t)
      const first = await driver.interrupt(bench.take(), t)
      const console = await first.leave(t)
      // The prompt of whoever has not logged in since the password was set.
      await console.write('passwd\r', t)
      await console.expect({ ask: 'Enter new password: ' }, t)
      await console.write('geheim\r', t)
      await console.expect({ again: 'Retype new password: ' }, t)
      await console.write('geheim\rlogin\r', t)
      const second = await driver.interrupt(console, t)
      assert.equal((await second.run('echo in', t)).stdout, 'in\n')
    })
  })
})
