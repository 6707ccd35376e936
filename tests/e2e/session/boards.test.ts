import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { thisProcess } from '../../../src/lab/lease/holder.ts'
import { writeRecord } from '../../../src/lab/lease/lease-records.ts'
import { FakeBoard, fakeEnvironment } from '../../support/fake-board.ts'
import { useLabDirectory } from '../../support/lab-directory.ts'
import { runSpecFiles } from '../../support/run-spec-files.ts'

describe('a run on several boards', () => {
  const directory = useLabDirectory()

  it('runs a spec that names no board once on each, at the same time', async () => {
    const boards = { one: new FakeBoard(), two: new FakeBoard() }
    const { results, of, outcome } = await runSpecFiles(fakeEnvironment(boards), {
      'a.spec.ts': `
        import assert from 'node:assert/strict'
        import { useBoard } from 'hil'
        const board = useBoard({ state: 'shell' })
        it('knows its board', async () => {
          assert.equal(board.facts.compatible[0], 'fake,' + board.name)
          const { stdout } = await board.shell.runOk('echo ' + board.name)
          assert.equal(stdout.trim(), board.name)
        })
      `,
    })
    assert.deepEqual(results, ['knows its board: passed', 'knows its board: passed'])
    assert.deepEqual(
      of('spec-loaded').map(({ boards: held }) => held),
      [['one'], ['two']],
    )
    assert.equal(new Set(of('test-ended').map(({ id }) => id)).size, 2)
    assert.equal(outcome.counts.passed, 2)
    assert.deepEqual([boards.one.power, boards.two.power], ['off', 'off'])
  })

  it('runs on the boards that were selected only', async () => {
    const boards = { one: new FakeBoard(), two: new FakeBoard() }
    const { of } = await runSpecFiles(
      fakeEnvironment(boards),
      { 'a.spec.ts': `import { useBoard } from 'hil'\nuseBoard({ state: 'shell' })\nit('a', () => {})` },
      { boards: ['two'] },
    )
    assert.deepEqual(
      of('board-taken').map(({ board }) => board),
      ['two'],
    )
    assert.deepEqual(boards.one.log, [])
  })

  it('begins no test with --bail that another board failed for while it was loaded', async () => {
    const place = mkdtempSync(join(tmpdir(), 'hil-bail-'))
    const [loaded, failed] = [join(place, 'loaded'), join(place, 'failed')]
    execFileSync('mkfifo', [failed])
    try {
      const { results, outcome } = await runSpecFiles(
        fakeEnvironment({ one: new FakeBoard(), two: new FakeBoard() }),
        {
          'a.spec.ts': `
            import { useBoard } from 'hil'
            useBoard({ board: 'one' })
            it('a', () => { throw new Error('no') })
          `,
          // It is loaded to find its tests, and once more by the process that is to run it.
          'b.spec.ts': `
            import { existsSync, writeFileSync } from 'node:fs'
            import { readFile } from 'node:fs/promises'
            import { useBoard } from 'hil'
            if (existsSync(${JSON.stringify(loaded)})) await readFile(${JSON.stringify(failed)})
            writeFileSync(${JSON.stringify(loaded)}, '')
            useBoard({ board: 'two' })
            it('b', () => {})
          `,
        },
        { bail: true },
        (event) => {
          if (event.type === 'test-ended' && event.outcome === 'failed') void writeFile(failed, 'a')
        },
      )
      assert.deepEqual(results, ['a: failed (test-failed)'])
      assert.equal(outcome.exitCode, 1)
    } finally {
      rmSync(place, { recursive: true })
    }
  })

  it('holds several boards in one spec, and drives them at once', async () => {
    const boards = { server: new FakeBoard(), client: new FakeBoard(), other: new FakeBoard() }
    const { results, of } = await runSpecFiles(fakeEnvironment(boards), {
      'a.spec.ts': `
        import { useBoard } from 'hil'
        describe('two boards', () => {
          const server = useBoard({ board: 'server', state: 'shell' })
          const client = useBoard({ board: 'client', state: 'bootloader' })
          it('talk', async () => {
            await Promise.all([server.shell.runOk('true'), client.bootloader.runOk('version')])
          })
        })
      `,
    })
    assert.deepEqual(results, ['two boards talk: passed'])
    assert.deepEqual(of('test-started')[0]?.boards, ['server', 'client'])
    assert.deepEqual(boards.other.log, [])
    const commands = of('command').map(({ board, where, command }) => [board, where, command])
    assert.deepEqual(commands.sort(), [
      ['client', 'bootloader', 'version'],
      ['server', 'shell', 'true'],
    ])
  })

  it('brings a board to the innermost of several states, without a detour', async () => {
    const { of, results } = await runSpecFiles(fakeEnvironment({ one: new FakeBoard() }), {
      'a.spec.ts': `
        import { useBoard } from 'hil'
        describe('outer', () => {
          const board = useBoard({ state: 'shell' })
          describe('inner', () => {
            useBoard({ state: 'bootloader' })
            it('is at the bootloader', () => board.bootloader.runOk('version'))
          })
        })
      `,
    })
    assert.deepEqual(results, ['outer inner is at the bootloader: passed'])
    assert.deepEqual(
      of('state-entered').map(({ to }) => to),
      ['off', 'bootloader'],
    )
  })

  it('gives boards to hooks around a suite in the state the suite asks for', async () => {
    const { results, failures } = await runSpecFiles(fakeEnvironment({ one: new FakeBoard() }), {
      'a.spec.ts': `
        import { useBoard } from 'hil'
        const board = useBoard({ state: 'shell' })
        describe('inner', () => {
          before(() => board.shell.runOk('true'))
          after(() => board.shell.runOk('true'))
          it('a', () => {})
        })
      `,
    })
    assert.deepEqual(failures, [])
    assert.deepEqual(results, ['inner a: passed'])
  })

  it('uses the state given with --state where a spec names none', async () => {
    const { of } = await runSpecFiles(
      fakeEnvironment({ one: new FakeBoard() }),
      { 'a.spec.ts': `import { useBoard } from 'hil'\nuseBoard()\nit('a', () => {})` },
      { state: 'bootloader' },
    )
    assert.equal(of('state-entered').at(-1)?.to, 'bootloader')
  })

  it('trusts nothing of a board whose last holder died', async () => {
    const firstStates = async (resource: string) => {
      const board = new FakeBoard()
      board.switchOn()
      const { of } = await runSpecFiles(fakeEnvironment({ one: board }, { resources: [resource] }), {
        'a.spec.ts': `import { useBoard } from 'hil'\nuseBoard({ state: 'bootloader' })\nit('a', () => {})`,
      })
      return of('state-entered')[0]?.to
    }
    const [left, abandoned] = [`test:${randomUUID()}`, `test:${randomUUID()}`]
    await writeRecord(directory.path, {
      resource: abandoned,
      fence: 1,
      holder: thisProcess('board one: hil run'),
    })
    assert.equal(await firstStates(left), 'bootloader')
    assert.equal(await firstStates(abandoned), 'off')
  })

  it('says who holds a board that is taken, and runs the others', async () => {
    const boards = { one: new FakeBoard(), two: new FakeBoard() }
    const resources = [`test:${process.pid}:${Math.random()}`]
    const { outcome, of } = await runSpecFiles(fakeEnvironment(boards, { resources }), {
      'a.spec.ts': `import { useBoard } from 'hil'\nuseBoard({ state: 'shell' })\nit('a', () => {})`,
    })
    assert.equal(outcome.verdict, 'infrastructure-failed')
    assert.equal(outcome.exitCode, 3)
    assert.match(
      (outcome.error as Error).message,
      new RegExp(
        `^two: .* in use by \\w+ \\(process ${process.pid} on .*, since .*: board one: hil run\\); wait .*--wait 30m`,
      ),
    )
    assert.equal(outcome.counts.passed, 1)
    assert.deepEqual(
      of('board-released').map(({ board }) => board),
      ['one'],
    )
  })
})
