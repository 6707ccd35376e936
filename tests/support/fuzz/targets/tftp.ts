import assert from 'node:assert/strict'
import { negotiate } from '../../../../src/servers/tftp/negotiate.ts'
import { decodePacket, encodePacket } from '../../../../src/servers/tftp/packet.ts'
import { recordedPackets } from '../corpus.ts'
import { outcomeOf, type FuzzTarget } from '../target.ts'

/** Read and written again as the same packet; what is agreed to stays within what the protocol allows. */
export const tftpPacket: FuzzTarget = {
  name: 'a TFTP packet',
  share: 0.18,
  corpus: recordedPackets,
  check: (input) => {
    const { value: packet } = outcomeOf(() => decodePacket(input), 'infrastructure')
    if (packet === undefined) return
    assert.deepEqual(decodePacket(encodePacket(packet)), packet)
    if (packet.type !== 'read') return
    const { blockSize, windowSize, accepted } = negotiate(packet.options, 1_000_000)
    assert.ok(blockSize >= 8 && blockSize <= 65464, `a block of ${blockSize} bytes`)
    assert.ok(windowSize >= 1 && windowSize * blockSize <= 1 << 20, `${windowSize} blocks of ${blockSize}`)
    for (const name of accepted.keys()) assert.ok(packet.options.has(name), `${name} was not asked for`)
  },
}
