import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { lockResource } from '../../../src/lab/resource-lock.ts'
import { thisProcess } from '../../../src/lab/lease/holder.ts'
import { useLabDirectory } from '../../support/lab-directory.ts'
import { makeBench, shellSpec, simulatedBoards } from '../../support/simulated-bench.ts'

describe('hil lab', function () {
  this.timeout(120_000)
  useLabDirectory()

  it('keeps a board for the commands of one person, shows it, and gives it back', async () => {
    const rig = randomUUID()
    await using bench = await makeBench({
      'env/sim.yaml': simulatedBoards(['sim'], `    resources: ['${rig}']\n`),
      'a.spec.ts': shellSpec(`it('works', () => board.shell.run('true'))`),
    })
    const as = (person: string, ...words: readonly string[]) =>
      bench.hil([...words, '--env', 'sim'], { HIL_WHO: person })
    assert.equal((await as('bob', 'lab', 'status')).stdout, 'sim  free\n')
    try {
      const held = await as('ann', 'lab', 'hold', '2h')
      assert.deepEqual([held.exitCode, held.stderr], [0, ''])
      assert.match(
        held.stdout,
        /^sim is yours, ann, until 20\S+ \S+ UTC \(2 h\); "hil lab unlock sim" ends it\n$/,
      )

      const refused = await as('bob', 'run', 'a.spec.ts')
      assert.equal(refused.exitCode, 3)
      assert.match(
        refused.stdout,
        new RegExp(
          `sim: named:${rig} is held for hand work by ann \\(process \\d+ on .*, until 20.*: hil lab hold 2h --env sim\\)`,
        ),
      )
      assert.match(refused.stdout, /"hil lab unlock sim" ends a hold.*--wait 30m/s)
      assert.equal((await as('ann', 'run', 'a.spec.ts')).exitCode, 0)

      assert.match(
        (await as('bob', 'lab', 'status')).stdout,
        /^sim +held +ann, since 20\S+ \S+ UTC(, for .*)?, until 20\S+ \S+ UTC: hil lab hold 2h/,
      )
      assert.match(
        (await bench.hil(['lab', 'who'])).stdout,
        new RegExp(`^ann +holds .*hil lab hold 2h --env sim$`, 'm'),
      )
      const { people } = JSON.parse((await bench.hil(['lab', 'who', '--json'])).stdout) as {
        people: { doing: string; holder: { what: string } }[]
      }
      assert.ok(
        people.some(({ doing, holder }) => doing === 'holds' && holder.what === 'hil lab hold 2h --env sim'),
      )

      const other = await as('bob', 'lab', 'unlock')
      assert.equal(other.exitCode, 2)
      assert.match(other.stderr, /is held by ann .*, and you are bob; ask them, or take it with --force/)
      assert.match((await as('ann', 'lab', 'unlock')).stdout, /^sim is no longer held by ann/)
      assert.equal((await as('bob', 'lab', 'status')).stdout, 'sim  free\n')
    } finally {
      await as('nobody', 'lab', 'unlock', '--force')
    }
  })

  it('switches off what is idle, and nothing else', async () => {
    const rig = randomUUID()
    const board = (name: string, more: string) => `  ${name}:
    architecture: arm64
    power: { driver: command, on: 'echo on >${name}', off: 'echo off >${name}', status: 'grep -q on ${name}' }
    console: { driver: process, command: 'cat' }
    resources: ['${rig} ${name}']
    ${more}
`
    await using bench = await makeBench({
      'env/lab.yaml': `boards:\n${board('idle', '')}${board('used', '')}${board('kept', 'after: on')}`,
      ...{ idle: 'on\n', used: 'on\n', kept: 'on\n' },
    })
    const lock = await lockResource(`named:${rig} used`, thisProcess('board used: hil run'))
    try {
      const { exitCode, stdout } = await bench.hil(['lab', 'power-off-idle', '--env', 'lab'])
      assert.equal(exitCode, 0)
      assert.match(
        stdout,
        /^idle: switched off\nused: named:.* is in use by .*; left as it is\nkept: stays on, as its environment says \(after: on\)\n$/,
      )
      const states = await Promise.all(
        ['idle', 'used', 'kept'].map((name) => readFile(bench.path(name), 'utf8')),
      )
      assert.deepEqual(states, ['off\n', 'on\n', 'on\n'])
    } finally {
      await lock.release()
    }
  })

  it('keeps a board from all whose bench fails again and again, until somebody returns it', async () => {
    const rig = randomUUID()
    await using bench = await makeBench({
      'env/lab.yaml': `boards:
  sick:
    architecture: arm64
    power: { driver: command, on: 'false', off: 'true', status: 'false' }
    console: { driver: process, command: [cat, '${rig}', '-'] }
    tags: [rock]
    quarantine-after: 1
    power-off-time: 1ms
${simulatedBoards(['well'], '    tags: [rock]\n').replace('boards:\n', '')}`,
      'a.spec.ts': shellSpec(`it('works', () => board.shell.run('true'))`),
    })
    const hil = (...words: readonly string[]) => bench.hil([...words, '--env', 'lab'], { HIL_WHO: 'ann' })
    const failed = await hil('run', 'a.spec.ts', '--board', 'sick')
    assert.equal(failed.exitCode, 3, failed.stdout)
    assert.match(failed.stdout, /sick: in quarantine from now on, for its bench failed; once it is mended/)

    const refused = await hil('run', 'a.spec.ts', '--board', 'sick')
    assert.deepEqual([refused.exitCode, refused.stdout], [3, ''])
    const sentence =
      /sick is in quarantine since 20\S+ \S+ UTC(, for .*)?: its bench failed, at last for ann \(board sick: hil run a.spec.ts --board sick --env lab\): .*"hil lab return sick"/
    assert.match(refused.stderr, sentence)

    const others = await hil('run', 'a.spec.ts', '--tag', 'rock')
    assert.equal(others.exitCode, 0, others.stdout)
    assert.match(others.stdout, /^warning: sick is left out, for it is in quarantine since/m)
    assert.deepEqual(
      (await bench.summary()).boards.map(({ name }) => name),
      ['well'],
    )

    assert.match(
      (await hil('lab', 'status')).stdout,
      /^sick  sick {6}in quarantine since 20.*\nwell  emulated/,
    )
    assert.match((await hil('lab', 'return', 'sick')).stdout, /^sick is back; it was in quarantine since 20/)
    assert.equal((await hil('lab', 'status', 'sick')).stdout, 'sick  free\n')
  })
})
