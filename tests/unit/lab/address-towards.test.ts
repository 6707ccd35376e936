import assert from 'node:assert/strict'
import { networkInterfaces } from 'node:os'
import { addressTowards, interfaceWith } from '../../../src/lab/address-towards.ts'
import { addressForBoard } from '../../../src/lab/listen-address.ts'

const entry = (address: string) =>
  ({ address, family: 'IPv4', internal: false, netmask: '255.255.255.0', mac: '', cidr: null }) as const

describe('The address towards a board', () => {
  it('is the one of the interface that the kernel sends by', async () => {
    const [found] = Object.entries(networkInterfaces()).flatMap(([name, own = []]) =>
      own
        .filter(({ family, internal }) => family === 'IPv4' && !internal)
        .map(({ address }) => ({ name, address })),
    )
    // A machine without a network has no way anywhere.
    if (found === undefined) return assert.equal(await addressTowards('192.0.2.1'), undefined)
    // Its neighbour in the same network.
    const neighbour = found.address.replace(/\d+$/, (last) => String(last === '1' ? 2 : 1))
    assert.deepEqual(await addressTowards(neighbour), { interface: found.name, address: found.address })
  })

  it('is none where no way leads, or none leaves this machine', async () => {
    assert.equal(await addressTowards('127.0.0.1'), undefined)
    assert.equal(await addressTowards('not an address'), undefined)
  })

  it('names the interface of several that has it, and none that leads nowhere else', () => {
    const lo = { ...entry('127.0.0.1'), internal: true }
    const interfaces = {
      lo: [lo],
      eth0: [entry('192.168.1.7')],
      eth1: [entry('172.16.0.1'), entry('10.0.0.1')],
    }
    assert.deepEqual(interfaceWith('10.0.0.1', interfaces), { interface: 'eth1', address: '10.0.0.1' })
    assert.equal(interfaceWith('127.0.0.1', interfaces), undefined)
    assert.equal(interfaceWith('10.0.0.2', interfaces), undefined)
  })

  it('decides by which of several a board reaches this host', () => {
    const interfaces = { eth0: [entry('192.168.1.7')], eth1: [entry('10.0.0.1')] }
    const board = { board: 'one', host: '0.0.0.0', emulated: undefined, interfaces }
    assert.throws(() => addressForBoard(board), { code: 'tftp.which-address' })
    assert.equal(
      addressForBoard({ ...board, towards: { interface: 'eth1', address: '10.0.0.1' } }),
      '10.0.0.1',
    )
  })
})
