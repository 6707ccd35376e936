import assert from 'node:assert/strict'
import { closeSocket, openUdpSocket } from '../../../../src/servers/tftp/udp-socket.ts'

describe('A UDP socket', () => {
  it('that may share its port still has one of its own when it does not name one', async () => {
    const hosts = ['127.0.0.1', '0.0.0.0']
    // With so many the system would pick a port twice in two of three runs.
    const sockets = await Promise.all(
      Array.from({ length: 400 }, (_, index) => openUdpSocket(hosts[index % 2] ?? '', 0, { shared: true })),
    )
    const ports = new Set(sockets.map((socket) => socket.address().port))
    await Promise.all(sockets.map(closeSocket))
    assert.equal(ports.size, sockets.length)
  })
})
