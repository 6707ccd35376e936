import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import { crc16, sendByYmodem } from '../../../../src/drivers/framing/ymodem.ts'
import { openProcess } from '../../../../src/transports/process.ts'
import { openConsoleBench } from '../../../support/console-bench.ts'
import { createTestContext, type TestContext } from '../../../support/driver-context.ts'
import { garble, lose } from '../../../support/faulty-line.ts'
import { describeWith } from '../../../support/requirements.ts'

describeWith(['rb'], 'YMODEM', function () {
  this.timeout(60_000)
  let t: Deadline
  const contexts: TestContext[] = []

  /** lrzsz, which waits for files. */
  async function startReceiver() {
    const context = await createTestContext()
    contexts.push(context)
    const open = openProcess({
      argv: ['sh', '-c', 'rb -b -q; echo "ended with $?"'],
      terminal: 'raw',
      directory: context.temporaryDirectory,
    })
    const bench = await openConsoleBench(open, context.undo)
    return { bench, console: bench.take(), file: join(context.temporaryDirectory, 'file.bin') }
  }

  beforeEach(() => {
    t = startDeadline(50_000, 'test')
  })
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.release()))
    t[Symbol.dispose]()
  })

  it('has the CRC of XMODEM', () => {
    assert.equal(crc16(Buffer.from('123456789')), 0x31c3)
  })

  it('brings files of any size to lrzsz as they are', async () => {
    const bring = async (size: number) => {
      const { console, file } = await startReceiver()
      const content = randomBytes(size)
      const seen: number[] = []
      await sendByYmodem(console, { name: 'file.bin', content }, t, {
        onProgress: ({ done }) => seen.push(done),
      })
      const { groups } = await console.expect({ end: /ended with (\d{1,3})/ }, t)
      assert.equal(groups[0], '0')
      assert.ok(readFileSync(file).equals(content), `${size} bytes`)
      assert.equal(seen.at(-1), size)
    }
    await Promise.all([0, 1, 128, 129, 1024, 1025, 100_000].map(bring))
  })

  for (const [which, at] of [
    ['first', 500],
    ['later', 3000],
  ] as const) {
    it(`sends a ${which} block again that did not arrive as it is`, async () => {
      const { bench, console, file } = await startReceiver()
      const content = randomBytes(5000)
      bench.line.changeSent(at, garble)
      await sendByYmodem(console, { name: 'file.bin', content }, t)
      await console.expect({ end: 'ended with 0' }, t)
      assert.ok(readFileSync(file).equals(content))
    })
  }

  it('leaves no receiver waiting when it gives up', async () => {
    const { bench, console, file } = await startReceiver()
    using short = t.within(2500, 'a short transfer')
    bench.line.changeEverySent(300, lose)
    const sent = sendByYmodem(console, { name: 'file.bin', content: randomBytes(5000) }, short)
    await assert.rejects(sent, { code: 'console.timeout' })
    await console.expect({ end: /ended with [1-9]/ }, t)
    assert.ok(!existsSync(file) || readFileSync(file).length < 5000)
  })
})
