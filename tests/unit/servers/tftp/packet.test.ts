import assert from 'node:assert/strict'
import { decodePacket, encodePacket, type TftpPacket } from '../../../../src/servers/tftp/packet.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')

describe('A TFTP packet', () => {
  const samples: Record<string, { wire: Buffer; packet: TftpPacket }> = {
    'a plain read request': {
      wire: bytes('\0\x01Image\0octet\0'),
      packet: { type: 'read', name: 'Image', mode: 'octet', options: new Map() },
    },
    'the request of barebox': {
      wire: bytes('\0\x01sub/Image\0octet\0timeout\x005\0blksize\x001432\0tsize\x000\0'),
      packet: {
        type: 'read',
        name: 'sub/Image',
        mode: 'octet',
        options: new Map([
          ['timeout', '5'],
          ['blksize', '1432'],
          ['tsize', '0'],
        ]),
      },
    },
    'a write request': {
      wire: bytes('\0\x02x\0netascii\0'),
      packet: { type: 'write', name: 'x', mode: 'netascii', options: new Map() },
    },
    data: {
      wire: bytes('\0\x03\x12\x34hello'),
      packet: { type: 'data', block: 0x1234, payload: bytes('hello') },
    },
    'data without content, as after the last full block': {
      wire: bytes('\0\x03\0\x01'),
      packet: { type: 'data', block: 1, payload: Buffer.alloc(0) },
    },
    'an acknowledgement': { wire: bytes('\0\x04\xff\xff'), packet: { type: 'ack', block: 65535 } },
    'an error': {
      wire: bytes('\0\x05\0\x01no such file\0'),
      packet: { type: 'error', code: 1, message: 'no such file' },
    },
    'an acknowledgement of options': {
      wire: bytes('\0\x06tsize\x00123456\0'),
      packet: { type: 'options-ack', options: new Map([['tsize', '123456']]) },
    },
  }
  for (const [title, { wire, packet }] of Object.entries(samples)) {
    it(`is read and written: ${title}`, () => {
      assert.deepEqual(decodePacket(wire), packet)
      assert.deepEqual(encodePacket(packet), wire)
    })
  }

  it('has modes and option names in any case, and of an option given twice the first value', () => {
    const packet = decodePacket(bytes('\0\x01A\0OCTET\0BlkSize\x00512\0blksize\x008\0'))
    assert.deepEqual(packet, {
      type: 'read',
      name: 'A',
      mode: 'octet',
      options: new Map([['blksize', '512']]),
    })
  })

  it('is an error with an empty message as barebox sends it, and with none at all', () => {
    for (const wire of [bytes('\0\x05\0\0\0\0'), bytes('\0\x05\0\0')]) {
      assert.deepEqual(decodePacket(wire), { type: 'error', code: 0, message: '' })
    }
  })

  const wrong: readonly [title: string, wire: Buffer, offset: number][] = [
    ['is empty', bytes(''), 0],
    ['has half an opcode', bytes('\0'), 0],
    ['has an opcode of no meaning', bytes('\0\x07'), 0],
    ['is an ACK without a number', bytes('\0\x04\x01'), 3],
    ['is a request for nothing', bytes('\0\x01'), 2],
    ['is a request with an empty name', bytes('\0\x01\0octet\0'), 2],
    ['is a request without a mode', bytes('\0\x01Image\0'), 8],
    ['is a request whose mode does not end', bytes('\0\x01Image\0octet'), 8],
    ['is a request with an option without a value', bytes('\0\x01Image\0octet\0tsize\0'), 20],
    ['is a request with an endless name', bytes(`\0\x01${'x'.repeat(600)}\0octet\0`), 2],
  ]
  for (const [title, wire, offset] of wrong) {
    it(`is refused with its offset when it ${title}`, () => {
      assert.throws(() => decodePacket(wire), { code: 'tftp.malformed', details: { offset } })
    })
  }
})
