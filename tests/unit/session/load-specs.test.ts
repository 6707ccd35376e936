import assert from 'node:assert/strict'
import { startDeadline } from '../../../src/core/deadline.ts'
import type { WorkerSettings } from '../../../src/session/group/protocol.ts'
import type { SpecWorker } from '../../../src/session/group/spec-worker.ts'
import { loadSpecs } from '../../../src/session/load-specs.ts'
import { loadTimeout } from '../../../src/session/load-timeout.ts'

describe('A spec that does not finish loading', () => {
  const after = (load: number) => loadTimeout('a.spec.ts', 60_000, { load, processors: 2 }, undefined)

  it('is wrong itself, on a host that had time for it', () => {
    const { blame, message } = after(7.9)
    assert.equal(blame, 'environment')
    assert.equal(
      message,
      'a.spec.ts did not finish loading in 1 min: does it await something at its top level?',
    )
  })

  it('is not to blame where the host had none', () => {
    const { blame, message } = after(80.2)
    assert.equal(blame, 'infrastructure')
    assert.match(
      message,
      /^a\.spec\.ts did not finish loading in 1 min on a host that has a load of 80 \(2 can/,
    )
  })

  it('ends the wait for it when time is up, and is named', async () => {
    const silent = { send: () => undefined, ended: new Promise(() => undefined) } as unknown as SpecWorker
    using t = startDeadline(20, 'the run')
    const loading = loadSpecs(silent, ['a.spec.ts', 'b.spec.ts'], {} as WorkerSettings, () => undefined, t)
    await assert.rejects(loading, { code: 'spec.load-timeout', message: /^a\.spec\.ts did not finish/ })
  })
})
