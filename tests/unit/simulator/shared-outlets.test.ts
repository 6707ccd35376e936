import assert from 'node:assert/strict'
import { startDeadline } from '../../../src/core/deadline.ts'
import { createSimulatedMachine } from '../../../src/simulator/machine.ts'
import { simulatorSchema } from '../../../src/simulator/options.ts'
import { readSwitchings } from '../../../src/simulator/shared-outlets.ts'
import { writeFiles } from '../../support/environment-files.ts'

describe('The outlets of a simulated lab', () => {
  it('refuse whoever acts under an older lease than somebody before, and nobody else', async () => {
    await using files = await writeFiles({})
    using t = startDeadline(10_000, 'test')
    const outlets = files.path('outlets.jsonl')
    const machineOf = (name: string, fence: number) =>
      createSimulatedMachine(name, simulatorSchema.parse({ outlets, bootloader: 'none' }), { fence })
    const [lost, other, latest] = [machineOf('one', 1), machineOf('two', 1), machineOf('one', 2)]
    try {
      await lost.power.on(t)
      await latest.power.on(t)
      await other.power.on(t)
      await assert.rejects(lost.power.off(t), {
        code: 'power.fenced',
        message: /switched one off under lease 1, after process \d+ had leased it anew \(2\)/,
      })
      assert.equal(await lost.power.state(t), 'on')
      await latest.power.off(t)
      assert.deepEqual(
        (await readSwitchings(outlets)).map(({ outlet, action, fence }) => [outlet, action, fence]),
        [
          ['one', 'on', 1],
          ['one', 'on', 2],
          ['two', 'on', 1],
          ['one', 'off', 1],
          ['one', 'off', 2],
        ],
      )
    } finally {
      for (const machine of [lost, other, latest]) await machine.close()
    }
  })
})
