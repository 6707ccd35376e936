import assert from 'node:assert/strict'
import type { OpenTransport, TransportReader } from '../../../src/board/transport.ts'
import { startDeadline } from '../../../src/core/deadline.ts'
import { HilError } from '../../../src/core/errors.ts'
import { Redactor } from '../../../src/core/redaction.ts'
import { BoardConsole } from '../../../src/lab/board-console.ts'
import { ConsoleEvents } from '../../../src/lab/console-events.ts'

const settings = { charDelayMs: 0, lineDelayMs: 0, reconnectMs: 0, onlyWithPower: false }

const noPort = () =>
  new HilError('transport.no-port', 'the serial port /dev/ttyUSB0 does not exist', { blame: 'environment' })

describe('The console of a board', () => {
  let reader: TransportReader | undefined
  let isPluggedIn: boolean
  let console: BoardConsole

  beforeEach(() => {
    isPluggedIn = true
    const open: OpenTransport = (given) => {
      if (!isPluggedIn) return Promise.reject(noPort())
      reader = given
      return Promise.resolve({
        description: 'a port',
        write: () => Promise.resolve(),
        close: () => Promise.resolve(),
      })
    }
    const events = new ConsoleEvents('one', new Redactor(), () => undefined)
    console = new BoardConsole('one', open, settings, events)
  })

  it('that never was there is a mistake of the environment', async () => {
    using t = startDeadline(20_000, 'test')
    isPluggedIn = false
    await assert.rejects(console.open(t), { code: 'transport.no-port', blame: 'environment' })
  })

  it('that was unplugged is no mistake of the environment when another try finds no port', async () => {
    using t = startDeadline(20_000, 'test')
    await console.open(t)
    isPluggedIn = false
    const unplugged = new HilError('transport.unplugged', 'the serial port was unplugged', {
      blame: 'infrastructure',
    })
    reader?.closed(unplugged)
    await assert.rejects(console.open(t), {
      code: 'console.lost',
      blame: 'infrastructure',
      message:
        'the serial port was unplugged; nor was it there for another try: the serial port /dev/ttyUSB0 does not exist',
    })
  })
})
