import assert from 'node:assert/strict'
import { loadOrder, parseLoadedModules, unloadOrder } from '../../../src/kernel/loaded-modules.ts'

const procModules = `net_failover 20480 1 virtio_net, Live 0xffffd5a2
failover 16384 1 net_failover, Live 0xffffd5a1
virtio_net 61440 0 - Live 0xffffd5a3
fixed 12288 1 [permanent], Live 0xffffd5a4 (E)
`

describe('loaded modules', () => {
  it('are read from /proc/modules with who uses them', () => {
    const modules = parseLoadedModules(procModules)
    assert.deepEqual(modules.get('net_failover'), {
      name: 'net_failover',
      references: 1,
      users: ['virtio_net'],
    })
    assert.deepEqual(modules.get('virtio_net')?.users, [])
    assert.deepEqual(modules.get('fixed'), { name: 'fixed', references: 1, users: [] })
  })

  it('are unloaded after those that use them, and only where they are loaded', () => {
    const modules = parseLoadedModules(procModules)
    assert.deepEqual(unloadOrder(['failover', 'net_failover', 'virtio_net', 'other'], modules), [
      'virtio_net',
      'net_failover',
      'failover',
    ])
  })

  it('are loaded after those that they need, whatever order they were named in', () => {
    const names = loadOrder([
      { name: 'virtio_net', depends: ['net_failover'] },
      { name: 'net_failover', depends: ['failover', 'not_pushed'] },
      { name: 'failover', depends: [] },
    ]).map(({ name }) => name)
    assert.deepEqual(names, ['failover', 'net_failover', 'virtio_net'])
  })
})
