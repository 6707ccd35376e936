import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import type { Transport } from '../../src/board/transport.ts'
import { startDeadline, type Deadline } from '../../src/core/deadline.ts'
import { HilError } from '../../src/core/errors.ts'
import { UndoStack } from '../../src/core/undo-stack.ts'
import { openSerial } from '../../src/transports/serial.ts'
import { untilNoProcess } from '../support/processes.ts'
import { RecordingReader } from '../support/recording-reader.ts'
import { describeWith } from '../support/requirements.ts'
import { portSettings, transportCases, type FarEnd, type TestLine } from './transport-cases.ts'

/** Every byte value, and no two blocks alike. */
function pattern(size: number): Buffer {
  const bytes = Buffer.alloc(size)
  for (let index = 0; index < size; index++) bytes[index] = (index * 7 + (index >> 8) * 13) & 0xff
  return bytes
}

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, value) => value))
const large = pattern(8 << 20)

for (const { name, needs, cannot, create } of transportCases) {
  describeWith(needs, `The transport "${name}"`, () => {
    let t: Deadline
    let line: TestLine
    let reader: RecordingReader
    let transport: Transport
    let far: FarEnd
    let descriptors: number
    let undo: UndoStack

    beforeEach(async () => {
      t = startDeadline(15_000, 'test')
      undo = new UndoStack()
      undo.defer('the deadline', () => t[Symbol.dispose]())
      descriptors = openDescriptors()
      line = await create(t)
      undo.defer('the processes of the line', () => untilNoProcess(line.mark, t))
      undo.defer('the line', () => line.dispose())
      reader = new RecordingReader()
      transport = await line.open(reader)
      undo.defer('the transport', () => transport.close())
      far = await line.far()
    })

    afterEach(async () => {
      assert.deepEqual(await undo.run(), [])
      assert.equal(reader.closedCalls, 1, 'closed was called once')
      assert.equal(reader.dataAfterClose, 0, 'closed was the last call')
    })

    /** What a line can't do by its nature is no test of it. */
    const test = (title: string, body: () => Promise<void>) => {
      if (cannot[title] === undefined) it(title, body)
    }

    test('carries every byte value both ways', async () => {
      await transport.write(everyByte)
      await far.write(everyByte)
      await far.received.waitForBytes(256, t)
      await reader.waitForBytes(256, t)
      assert.deepEqual(far.received.bytes(), everyByte)
      assert.deepEqual(reader.bytes(), everyByte)
    })

    test('keeps writes in order, also when nobody waits for them', async () => {
      const parts = Array.from({ length: 500 }, (_, index) => Buffer.from(`${index},`))
      await Promise.all(parts.map((part) => transport.write(part)))
      const whole = Buffer.concat(parts)
      await far.received.waitForBytes(whole.length, t)
      assert.deepEqual(far.received.bytes(), whole)
    })

    test('loses nothing of 8 MiB in each direction at once', async () => {
      await Promise.all([
        transport.write(large),
        far.write(large),
        far.received.waitForBytes(large.length, t),
        reader.waitForBytes(large.length, t),
      ])
      assert.ok(far.received.bytes().equals(large), 'what was sent')
      assert.ok(reader.bytes().equals(large), 'what was received')
    })

    test('hears the board also while the board does not read', async () => {
      far.pause()
      const writing = transport.write(large)
      for (let round = 1; round <= 20; round++) {
        await far.write(everyByte)
        await reader.waitForBytes(256 * round, t)
      }
      far.resume()
      await writing
      await far.received.waitForBytes(large.length, t)
      assert.ok(far.received.bytes().equals(large))
    })

    test('holds a writer back while the board does not read', async () => {
      far.pause()
      let isWritten = false
      const writing = transport.write(large).then(() => (isWritten = true))
      // The way there and back takes longer than to fill every buffer on it.
      await far.write(everyByte)
      await reader.waitForBytes(256, t)
      assert.equal(isWritten, false)
      far.resume()
      await writing
    })

    test('gives each reader bytes that stay as they are', async () => {
      await far.write(Buffer.from('first'))
      await reader.waitForBytes(5, t)
      const first = reader.chunks[0]
      await far.write(pattern(200_000))
      await reader.waitForBytes(200_005, t)
      assert.deepEqual(Buffer.from(first ?? []).subarray(0, 5), Buffer.from('first'))
    })

    test('does not look at bytes after a write has ended', async () => {
      const bytes = Buffer.from('as it was')
      await transport.write(bytes)
      bytes.fill('x')
      await far.received.waitForBytes(bytes.length, t)
      assert.equal(far.received.text(), 'as it was')
    })

    test('can be closed twice, and tells its reader once', async () => {
      await Promise.all([transport.close(), transport.close()])
      await transport.close()
      assert.equal(await reader.waitForClose(t), undefined)
    })

    test('refuses to write once it is closed', async () => {
      await transport.close()
      await assert.rejects(transport.write(everyByte), { code: 'console.closed', blame: 'infrastructure' })
    })

    test('settles a write that is under way when it is closed', async () => {
      far.pause()
      const writing = transport.write(large).catch((error: unknown) => error)
      await transport.close()
      await t.race(writing)
    })

    test('tells who is to blame when the other end goes away', async () => {
      await far.write(everyByte)
      await reader.waitForBytes(256, t)
      await far.hangUp()
      const error = await reader.waitForClose(t)
      assert.ok(error instanceof HilError)
      assert.equal(error.blame, 'infrastructure')
      await assert.rejects(transport.write(everyByte), { code: 'console.closed' })
    })

    test('delivers everything that was sent before the other end went away', async () => {
      await far.write(large)
      await far.hangUp()
      await reader.waitForClose(t)
      // A pty forgets what is on its way when it is hung up, as a cable does.
      if (!name.includes('pty')) assert.equal(reader.length, large.length)
      assert.ok(reader.bytes().equals(large.subarray(0, reader.length)))
    })

    test('leaves no descriptor open', async () => {
      await transport.close()
      await line.dispose()
      assert.equal(openDescriptors(), descriptors)
    })

    test('can be opened again after it was closed', async () => {
      await transport.close()
      const again = await line.open(new RecordingReader())
      await again.close()
    })
  })
}

/** A port whose TX and RX are joined. */
const loop = process.env['HIL_TEST_SERIAL']

if (loop !== undefined) {
  describe(`The real serial port ${loop}`, () => {
    it('returns what it is sent', async () => {
      using t = startDeadline(15_000, 'test')
      const reader = new RecordingReader()
      const transport = await openSerial({ ...portSettings, path: loop })(reader)
      const sent = Buffer.concat([everyByte, large.subarray(0, 64 * 1024)])
      await transport.write(sent)
      await reader.waitForBytes(sent.length, t)
      await transport.close()
      assert.deepEqual(reader.bytes(), sent)
    })
  })
}

function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length
}
