import assert from 'node:assert/strict'
import type { NetworkInterfaceInfo } from 'node:os'
import { addressForBoard, addressToListenAt } from '../../../src/lab/listen-address.ts'

const internet = (address: string, internal = false): NetworkInterfaceInfo => ({
  address,
  internal,
  family: 'IPv4',
  netmask: '255.255.255.0',
  mac: '00:00:00:00:00:00',
  cidr: `${address}/24`,
})
const lo = [internet('127.0.0.1', true)]
const two = { lo, eth0: [internet('192.168.1.5')], eth1: [internet('10.0.0.1')] }

function forBoard(host: string, interfaces: Record<string, NetworkInterfaceInfo[]>) {
  return addressForBoard({ board: 'one', host, emulated: undefined, interfaces })
}

describe('Where the TFTP server listens', () => {
  it('is an address, an interface by its name, or everywhere', () => {
    assert.equal(addressToListenAt(undefined, two), '0.0.0.0')
    assert.equal(addressToListenAt('10.9.9.9', two), '10.9.9.9')
    assert.equal(addressToListenAt('fd00::1', two), 'fd00::1')
    assert.equal(addressToListenAt('eth1', two), '10.0.0.1')
  })

  it('is told with the interfaces there are when there is none of that name', () => {
    assert.throws(() => addressToListenAt('eth7', two), {
      code: 'tftp.no-such-address',
      blame: 'environment',
      message: /no network interface "eth7".*there are eth0 \(192\.168\.1\.5\), eth1 \(10\.0\.0\.1\)/,
    })
  })
})

describe('How a board reaches the TFTP server', () => {
  it('is where it listens, or the only address that leads out of this host', () => {
    assert.equal(forBoard('10.0.0.1', two), '10.0.0.1')
    assert.equal(forBoard('0.0.0.0', { lo, eth0: [internet('192.168.1.5')] }), '192.168.1.5')
  })

  it('has to be said where there are several, or none', () => {
    assert.throws(() => forBoard('0.0.0.0', two), { code: 'tftp.which-address', message: /eth0 .*eth1 / })
    assert.throws(() => forBoard('0.0.0.0', { lo }), { code: 'tftp.which-address', message: /none but/ })
  })

  it('is what an emulator says of itself', () => {
    const of = (hostAddress: string | undefined) =>
      addressForBoard({ board: 'one', host: '127.0.0.1', emulated: { hostAddress }, interfaces: two })
    assert.equal(of('10.0.2.2'), '10.0.2.2')
    assert.throws(() => of(undefined), { code: 'tftp.unreachable', blame: 'environment' })
  })
})
