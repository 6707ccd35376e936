import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { EventEmitter, once } from 'node:events'
import { openNetconsole } from '../../../src/transports/netconsole.ts'
import { MessageOrder } from '../../../src/transports/netconsole/message-order.ts'

const read = (...datagrams: readonly (string | Buffer)[]) => {
  const order = new MessageOrder()
  const text = datagrams.map((datagram) => order.push(Buffer.from(datagram))).join('')
  return { text: Buffer.from(text, 'latin1').toString(), rest: order.flush() }
}

describe('What a kernel sends by netconsole', () => {
  it('is shown as on a serial console, without what it says beside the text', () => {
    const { text } = read(
      '6.4.0,6,444,501151268,-,caller=T84;netconsole: network logging started\n SUBSYSTEM=net\n DEVICE=+eth0\n',
      '4,445,501151270,-;two\\x0alines \\xc3\\xa9\n',
    )
    assert.equal(
      text,
      '[  501.151268] netconsole: network logging started\r\n[  501.151270] two\r\n[  501.151270] lines é\r\n',
    )
  })

  it('is passed on as it is in the plain format', () => {
    assert.equal(read('[    1.5] a\n', 'b, c;d\n').text, '[    1.5] a\r\nb, c;d\r\n')
  })

  it('is passed on byte for byte where a datagram ends within a character', () => {
    const bytes = Buffer.from('[    1.5] label "Größe"\n')
    const within = bytes.indexOf('ö') + 1
    assert.equal(read(bytes.subarray(0, within), bytes.subarray(within)).text, '[    1.5] label "Größe"\r\n')
  })

  it('is put in order, and told once', () => {
    const { text, rest } = read('6,1,1,-;a\n', '6,3,3,-;c\n', '6,2,2,-;b\n', '6,2,2,-;b\n', '6,4,4,-;d\n')
    assert.deepEqual(text.match(/[a-d](?=\r)/g), ['a', 'b', 'c', 'd'])
    assert.equal(rest, '')
  })

  it('is put together where a message was too long for a datagram', () => {
    const { text } = read('6,7,9,-,ncfrag=5/8;fgh', '6,7,9,-,ncfrag=5/8;fgh', '6,7,9,-,ncfrag=0/8;abcde')
    assert.equal(text, '[    0.000009] abcdefgh\r\n')
  })

  it('says how much did not arrive', () => {
    const { text, rest } = read('6,1,1,-;a\n', '6,4,4,-;d\n')
    assert.equal(text, '[    0.000001] a\r\n')
    assert.equal(rest, '<hil: 2 messages of the kernel did not arrive>\r\n[    0.000004] d\r\n')
  })

  it('goes on with the next boot, which counts anew', () => {
    const { text } = read('6,5000,1,-;last\n', '6,300,2,-;first\n', '6,301,3,-;second\n')
    assert.deepEqual(text.match(/\w+(?=\r)/g), ['last', 'first', 'second'])
  })

  it('does not wait for ever for what is late, however much comes after it', () => {
    const later = Array.from({ length: 100 }, (_, index) => `6,${index + 3},1,-;x\n`)
    assert.match(read('6,1,1,-;a\n', ...later).text, /<hil: a message of the kernel did not arrive>/)
  })

  it('comes over UDP, and from the board alone where its address is given', async () => {
    const arrivals = new EventEmitter()
    const received: string[] = []
    const reader = {
      data: (bytes: Uint8Array) => {
        received.push(Buffer.from(bytes).toString())
        arrivals.emit('data')
      },
      closed: () => arrivals.emit('closed'),
    }
    const options = { address: '127.0.0.1', port: 0, from: '127.0.0.1' }
    const transport = await openNetconsole(options)(reader)
    const port = Number(/:(\d+)$/.exec(transport.description)?.[1])
    const [stranger, board] = [createSocket('udp4'), createSocket('udp4')]
    try {
      stranger.bind(0, '127.0.0.2')
      board.bind(0, '127.0.0.1')
      await Promise.all([once(stranger, 'listening'), once(board, 'listening')])
      stranger.send('6,1,1,-;not ours\n', port, '127.0.0.1')
      const first = once(arrivals, 'data')
      board.send('6,1,1,-;ours\n', port, '127.0.0.1')
      await first
      const late = once(arrivals, 'data')
      board.send('6,3,3,-;later\n', port, '127.0.0.1')
      await late
      assert.deepEqual(received, [
        '[    0.000001] ours\r\n',
        '<hil: a message of the kernel did not arrive>\r\n[    0.000003] later\r\n',
      ])
      await assert.rejects(transport.write(Buffer.from('x')), { code: 'console.read-only' })
      await assert.rejects(openNetconsole({ ...options, port })(reader), { code: 'transport.not-listening' })
    } finally {
      stranger.close()
      board.close()
      await transport.close()
    }
  })
})
