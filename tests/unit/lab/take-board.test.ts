import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { defineShell } from '../../../src/board/driver.ts'
import type { ShellDriver } from '../../../src/board/shell.ts'
import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import { HilError } from '../../../src/core/errors.ts'
import type { RunEventBody } from '../../../src/core/events.ts'
import { Redactor } from '../../../src/core/redaction.ts'
import type { BoardSpec } from '../../../src/environment/environment.ts'
import type { PreparePayload } from '../../../src/lab/provisions.ts'
import { takeBoard } from '../../../src/lab/take-board.ts'
import { FakeBoard, fakeEnvironment, type FakeEnvironmentOptions } from '../../support/fake-board.ts'

const unused: ShellDriver = {
  login: () => assert.fail(),
  answers: {},
  answerWithin: 0,
  recognise: () => assert.fail(),
}

describe('takeBoard', () => {
  let t: Deadline
  let events: RunEventBody[]
  let board: FakeBoard
  let redactor: Redactor

  beforeEach(() => {
    t = startDeadline(5000, 'test')
    events = []
    board = new FakeBoard()
    redactor = new Redactor()
  })

  afterEach(() => {
    t[Symbol.dispose]()
  })

  function specOf(options: FakeEnvironmentOptions = {}): BoardSpec {
    return fakeEnvironment({ one: board }, options).boards[0] ?? assert.fail()
  }

  function take(
    spec: BoardSpec,
    preparePayload: PreparePayload = ({ bootargs }) => Promise.resolve({ bootargs }),
  ) {
    return takeBoard(
      spec,
      { emit: (event) => events.push(event), redactor, preparePayload, what: 'a test' },
      t,
    )
  }

  /** A spec whose shell driver does this when it is opened. */
  function withShell(
    open: Parameters<typeof defineShell>[0]['open'],
    options: FakeEnvironmentOptions = {},
  ): BoardSpec {
    const driver = defineShell({ name: 'special', summary: '', schema: z.unknown(), open })
    return { ...specOf(options), shell: { driver, options: {} } }
  }

  it('opens the drivers, reads the console, and switches nothing', async () => {
    const taken = await take(specOf())
    assert.deepEqual(board.log, [])
    assert.deepEqual(events, [
      {
        type: 'board-taken',
        board: 'one',
        facts: { architecture: 'arm64', compatible: ['fake,one'] },
        versions: { fake: '1.0' },
      },
    ])
    await taken.power.on(t)
    assert.deepEqual(events.slice(1), [
      { type: 'console-rx', board: 'one', text: 'fakeboot 1.0\r\nboot> ' },
      { type: 'power', board: 'one', action: 'on', ok: true },
    ])
    assert.equal(taken.receivedBytes(), 20)
    await taken.release(false)
  })

  it('gives everything back in reverse, with the board as declared', async () => {
    const order: string[] = []
    const resources = [`test:${randomUUID()}`]
    let directory = ''
    const spec = withShell(
      (_options, context) => {
        directory = context.temporaryDirectory
        context.undo.defer('the shell', () => order.push(`power ${board.power}`))
        return Promise.resolve(unused)
      },
      { resources },
    )
    const taken = await take(spec)
    await taken.power.on(t)
    assert.ok(existsSync(directory))
    assert.deepEqual(await taken.release(false), { power: 'off', failures: [] })
    assert.deepEqual(order, ['power off'])
    assert.ok(!existsSync(directory))
    assert.deepEqual(events.at(-1), { type: 'board-released', board: 'one', power: 'off', failures: [] })
    const again = await take(specOf({ resources }))
    await again.release(false)
  })

  it('undoes what was done when a driver fails, and says what could not be undone', async () => {
    const resources = [`test:${randomUUID()}`]
    const spec = withShell(
      (_options, { undo }) => {
        undo.defer('closing the thing', () => Promise.reject(new Error('stuck')))
        return Promise.reject(new HilError('test.broken', 'no such shell', { blame: 'environment' }))
      },
      { resources },
    )
    await assert.rejects(take(spec), { code: 'test.broken' })
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'note' ? event.message : [])),
      ['closing the thing failed: stuck'],
    )
    await (await take(specOf({ resources }))).release(false)
  })

  it('reports a clean-up that fails or hangs, and still ends', async () => {
    const spec = withShell((_options, { undo }) => {
      undo.defer('hanging', () => new Promise(() => undefined))
      undo.defer('failing', () => Promise.reject(new Error('stuck')))
      return Promise.resolve(unused)
    })
    const taken = await take({ ...spec, timeouts: { ...spec.timeouts, release: 100 } })
    const { power, failures } = await taken.release(false)
    assert.equal(power, 'off')
    assert.match(failures.join('; '), /not everything was cleaned up: release of one took longer than 100 ms/)
  })

  it('makes what is booted once, with a place for its files', async () => {
    const contexts: unknown[] = []
    const taken = await take(specOf(), (boot, context) => {
      contexts.push(context)
      return Promise.resolve({ bootargs: boot.bootargs })
    })
    await Promise.all([taken.plan(t), taken.plan(t)])
    await taken.plan(t)
    assert.equal(contexts.length, 1)
    assert.equal((contexts[0] as { files: unknown }).files, undefined)
    await taken.release(false)
  })

  it('tries again to make what is booted when that has failed', async () => {
    let times = 0
    const taken = await take(specOf(), () =>
      times++ === 0 ? Promise.reject(new Error('disk full')) : Promise.resolve({ bootargs: [] }),
    )
    await assert.rejects(taken.plan(t), /disk full/)
    assert.deepEqual(await taken.plan(t), { bootargs: [] })
    await taken.release(false)
  })

  it('puts files into the directory of a TFTP server for as long as the board is held', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'hil-tftp-'))
    try {
      const kernel = join(directory, 'Image')
      await writeFile(kernel, 'a kernel')
      const served = join(directory, 'served')
      await mkdir(served)
      const network = { tftp: { directory: served, address: '10.0.0.1', port: 69 } }
      const taken = await take({ ...specOf(), network }, async (_boot, { files }, deadline) => {
        assert.deepEqual(files?.address, { host: '10.0.0.1', port: 69 })
        const file = await files.publish('kernel', kernel, deadline)
        assert.match(file.name, /^hil-one-[0-9a-f]{8}-kernel$/)
        assert.equal(file.size, 8)
        return { bootargs: [] }
      })
      await taken.plan(t)
      assert.equal((await readdir(served)).length, 1)
      await taken.release(false)
      assert.deepEqual(await readdir(served), [])
    } finally {
      await rm(directory, { recursive: true })
    }
  })

  it('keeps a secret that a driver asked for out of what goes over the console', async () => {
    process.env['HIL_TEST_SECRET'] = 'hunter2'
    const spec = withShell(async (_options, context) => {
      assert.equal(await context.secret({ env: 'HIL_TEST_SECRET' }), 'hunter2')
      return unused
    })
    const taken = await take(spec)
    await taken.power.on(t)
    const console = taken.takeConsole('test')
    await console.write('hun', t)
    await console.write('ter2\n', t)
    await taken.release(false)
    const sent = events.flatMap((event) => (event.type === 'console-tx' ? event.text : []))
    assert.equal(sent.join(''), '•••\n')
    delete process.env['HIL_TEST_SECRET']
    await assert.rejects(take(spec), {
      code: 'environment.secret',
      message: /HIL_TEST_SECRET should hold a secret/,
    })
  })

  it('reads its console again after it was lost', async () => {
    const taken = await take(specOf())
    await taken.power.on(t)
    board.unplug()
    assert.equal(events.at(-1)?.type, 'console-closed')
    await assert.rejects(taken.takeConsole('test').write('x', t), { code: 'console.closed' })
    await taken.console.open(t)
    await taken.takeConsole('test').write('\n', t)
    await taken.takeConsole('test').expect({ prompt: 'boot> ' }, t)
    await taken.release(false)
  })
})
