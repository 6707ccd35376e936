import assert from 'node:assert/strict'
import { describeStrategy, toMermaid } from '../../../src/strategy/describe-strategy.ts'
import { loadStrategy, shippedStrategies } from '../../../src/strategy/load-strategy.ts'

describe('a shipped strategy', () => {
  it('is found by its name', async () => {
    assert.deepEqual(await shippedStrategies(), [
      'barebox',
      'chainload-barebox',
      'direct',
      'kexec',
      'sd-mux',
      'uboot',
      'usb-recovery',
    ])
    for (const name of await shippedStrategies()) assert.equal((await loadStrategy({ name })).name, name)
  })

  it('is described as text', async () => {
    assert.equal(
      describeStrategy(await loadStrategy({ name: 'direct' })),
      `strategy direct

states
  off    without power (rest)
  linux  on the way to userspace
  shell  at a shell in userspace

edges
  off -> linux    1 min, 1 retry
  linux -> shell  2 min
`,
    )
  })

  it('is described as a Mermaid diagram', async () => {
    assert.equal(
      toMermaid(await loadStrategy({ name: 'direct' })),
      `stateDiagram-v2
  state "off" as s0
  state "linux" as s1
  state "shell" as s2
  [*] --> s0: reset
  s0 --> s1: 1 min, 1 retry
  s1 --> s2: 2 min
`,
    )
  })
})
