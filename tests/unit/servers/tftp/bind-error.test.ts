import assert from 'node:assert/strict'
import { bindError, privilegedPortRemedies } from '../../../../src/servers/tftp/bind-error.ts'

function failure(code: string) {
  return Object.assign(new Error(`bind ${code}`), { code })
}

describe('A TFTP server that may not listen', () => {
  it('says every way to port 69, with commands that can be copied', () => {
    const error = bindError('0.0.0.0', 69, failure('EACCES'))
    assert.equal(error.code, 'tftp.port-not-allowed')
    assert.equal(error.blame, 'environment')
    assert.deepEqual(error.details['remedies'], privilegedPortRemedies(69))
    for (const way of [
      'sysctl net.ipv4.ip_unprivileged_port_start=69',
      `setcap cap_net_bind_service=+ep ${process.execPath}`,
      'authbind --deep',
      '-p udp --dport 69 -j REDIRECT --to-ports 6969',
      'embedded: { port: 6969 }',
    ]) {
      assert.ok(error.message.includes(way), way)
    }
  })

  it('says what to do about everything else', () => {
    assert.match(bindError('0.0.0.0', 69, failure('EADDRINUSE')).message, /ss -lunp sport = 69/)
    assert.match(bindError('10.9.9.9', 69, failure('EADDRNOTAVAIL')).message, /no such address/)
    assert.match(bindError('::', 69, failure('EAFNOSUPPORT')).message, /:: port 69: bind EAFNOSUPPORT/)
  })
})
