import assert from 'node:assert/strict'
import { startDeadline } from '../../../../src/core/deadline.ts'
import { HilError } from '../../../../src/core/errors.ts'
import { manualPower } from '../../../../src/drivers/power/manual.ts'
import { createTestContext } from '../../../support/driver-context.ts'

describe('Power by hand', () => {
  it('asks for what the environment says, or by the name of the board', async () => {
    using t = startDeadline(1000, 'test')
    const asked: string[] = []
    const ask = (question: string) => {
      asked.push(question)
      return Promise.resolve()
    }
    const context = await createTestContext({ board: 'evk', ask })
    const power = await manualPower.open(manualPower.schema.parse({ off: 'Move SW3 to OFF' }), context, t)
    await power.on(t)
    await power.off(t)
    await context.release()
    assert.deepEqual(asked, ['Switch the power of evk on', 'Move SW3 to OFF'])
  })

  it('is refused where there is no person', async () => {
    using t = startDeadline(1000, 'test')
    const nobody = () =>
      Promise.reject(new HilError('power.no-terminal', 'nobody is there', { blame: 'environment' }))
    const context = await createTestContext({ ask: nobody })
    const power = await manualPower.open(manualPower.schema.parse({}), context, t)
    await assert.rejects(power.on(t), { code: 'power.no-terminal' })
    await context.release()
  })
})
