import assert from 'node:assert/strict'
import { simulatorQemu } from '../../../src/app/simulator-qemu.ts'

describe('the simulated barebox in front of a real kernel', () => {
  const faultsOf = (...faults: readonly object[]) => simulatorQemu.schema.safeParse({ faults })

  it('can be told to fail as long as its kernel is not asked to', () => {
    const faults = [
      { name: 'disconnect', at: 'kernel' },
      { name: 'panic', at: 'bootloader' },
      { name: 'double-prompt' },
    ]
    assert.ok(faultsOf(...faults).success)
  })

  for (const fault of [
    { name: 'printk' },
    { name: 'hang', at: 'userspace' },
    { name: 'reset', at: 'shell' },
    { name: 'panic', at: 'kernel' },
  ]) {
    it(`refuses ${Object.values(fault).join(' at ')}, which a real kernel is not told`, () => {
      const { error } = faultsOf({ name: 'silent', at: 'kernel' }, fault)
      assert.deepEqual(error?.issues[0]?.path, ['faults', 1])
      assert.match(error.issues[0].message, /is a fault of the simulated Linux/)
    })
  }
})
