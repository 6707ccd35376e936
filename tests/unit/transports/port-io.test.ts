import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PortIo } from '../../../src/transports/serial/port-io.ts'

describe('An open port', () => {
  it('refuses what is written after it was lost, and lets nobody wait', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'hil-port-'))
    const fd = openSync(join(directory, 'port'), 'w+')
    try {
      const lost: string[] = []
      const poller = Object.assign(new EventEmitter(), { poll: () => undefined })
      const io = new PortIo(
        { fd, poller },
        { data: () => undefined, lost: ({ message }) => lost.push(message) },
      )
      // An empty file reads as a port that was hung up.
      poller.emit('readable', null)
      assert.deepEqual(lost, ['the port was hung up'])
      await assert.rejects(io.write(Buffer.from('more')), /the port was closed/)
    } finally {
      closeSync(fd)
      rmSync(directory, { recursive: true })
    }
  })
})
