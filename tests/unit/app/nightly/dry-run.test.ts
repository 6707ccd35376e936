import assert from 'node:assert/strict'
import { describePayload } from '../../../../src/app/nightly/dry-run.ts'
import type { PlannedPayload } from '../../../../src/app/nightly/plan/plan.ts'
import { noPayload } from '../../../../src/environment/payload-settings.ts'

describe('what a payload is, for people', () => {
  const describing = (parts: Partial<PlannedPayload>) =>
    describePayload(
      { name: 'p', priority: 0, bootargs: [], settings: noPayload, source: undefined, ...parts },
      '/home/ann',
    )

  it('is what the board has, or what it is made of', () => {
    assert.equal(describing({}), 'what the board boots by itself')
    const source = { repository: '/home/ann/linux', branch: 'next', config: undefined, build: './build it' }
    assert.equal(describing({ source }), 'next of linux, built by "./build it"')
  })

  it('says what is added to the command line of the kernel', () => {
    assert.equal(
      describing({ bootargs: ['quiet', 'nosmp'] }),
      'what the board boots by itself with quiet nosmp',
    )
  })
})
