import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { openEnvironment } from '../../../../src/app/environment/environments.ts'
import { leaseChosen } from '../../../../src/app/lab/lease-chosen.ts'
import { startDeadline } from '../../../../src/core/deadline.ts'
import { withoutWaiting } from '../../../../src/lab/lease/lease-boards.ts'
import { writeFiles } from '../../../support/environment-files.ts'
import { useLabDirectory } from '../../../support/lab-directory.ts'

describe('a board that tags choose', () => {
  useLabDirectory()

  async function makeLab() {
    const board = (name: string) =>
      `  ${name}: { architecture: arm64, machine: simulator, bootloader: barebox, tags: [rock], resources: ['${randomUUID()}'] }\n`
    const files = await writeFiles({ 'lab.yaml': `boards:\n${board('one')}${board('two')}` })
    const environment = await openEnvironment(files.path('lab.yaml'), files.directory)
    return {
      choose: () =>
        leaseChosen(
          environment,
          { board: undefined, tags: ['rock'], queueing: withoutWaiting, what: 'hil boot' },
          files.directory,
        ),
      [Symbol.asyncDispose]: () => files[Symbol.asyncDispose](),
    }
  }

  it('is leased with the choice: whoever asks at the same time gets another one', async () => {
    await using lab = await makeLab()
    const [first, second] = await Promise.all([lab.choose(), lab.choose()])
    await using _first = first
    await using _second = second
    assert.deepEqual([first.spec.name, second.spec.name].sort(), ['one', 'two'])

    using t = startDeadline(10_000, 'test')
    const context = { what: 'hil boot', emit: () => undefined }
    const [lease] = await first.leaseBoards([first.spec], context, t)
    assert.equal(lease?.board, first.spec.name)

    await using third = await lab.choose()
    await assert.rejects(third.leaseBoards([third.spec], context, t), { code: 'lock.held' })
  })

  it('is given back where no run has taken it over', async () => {
    await using lab = await makeLab()
    for (let round = 0; round < 2; round++) {
      await using chosen = await lab.choose()
      assert.equal(chosen.spec.name, 'one')
    }
  })
})
