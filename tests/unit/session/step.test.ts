import assert from 'node:assert/strict'
import { step } from '../../../src/session/spec/step.ts'

describe('step', () => {
  it('refuses what is no title or no function, and names it', async () => {
    const untyped = step as (...args: readonly unknown[]) => Promise<unknown>
    const wrong = { code: 'spec.bad-step', blame: 'test' }
    await assert.rejects(
      untyped('boots', '5 s', () => undefined),
      { ...wrong, message: /not '5 s';/ },
    )
    await assert.rejects(untyped('boots'), { ...wrong, message: /not undefined;/ })
    await assert.rejects(
      untyped(() => undefined),
      { ...wrong, message: /not \[Function/ },
    )
  })
})
