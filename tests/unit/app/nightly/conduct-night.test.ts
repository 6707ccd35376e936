import assert from 'node:assert/strict'
import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { conductNight, type NightOptions } from '../../../../src/app/nightly/conduct-night.ts'
import type { NightBoard } from '../../../../src/app/nightly/worker/board-process.ts'
import type { CellJob } from '../../../../src/app/nightly/worker/messages.ts'
import { HilError } from '../../../../src/core/errors.ts'
import type { CellAttempt, NightRecord } from '../../../../src/core/night-record.ts'
import type { Verdict } from '../../../../src/core/verdicts.ts'
import { attemptOf, nightOf } from './nights.ts'

/** What a run on a board comes to; `undefined` for one that is stopped. */
type Run = (board: string, job: CellJob) => Promise<Result> | Result
type Result = Verdict | CellAttempt | undefined

const health = 'health'

describe('the conductor of a night', () => {
  it('runs each cell once, on all boards at a time, what has the highest priority first', async () => {
    const order: string[] = []
    const record = nightOf(['a', 'b'], ['old', 'new'], ['boot'], { new: 5 })
    const all = await conduct(record, {
      run: (board, { specs }) => {
        order.push(`${board} ${specs.join()}`)
        return 'passed'
      },
    })
    assert.deepEqual(outcomes(all), Array(4).fill('passed'))
    assert.deepEqual(order.slice(0, 4), ['a health', 'b health', 'a new/boot', 'b new/boot'])
    assert.ok(all.finishedAt !== undefined)
  })

  describe('that may run two cells at a time', () => {
    const limits = { atOnce: 2, infrastructureRetries: 0, boardAfter: 0, payloadAfter: 0, stopAfter: 0 }
    const night = () => nightOf(['a', 'b', 'c', 'd'], ['p'], ['one', 'two'])

    it('runs all of them, two at a time', async () => {
      let running = 0
      let most = 0
      const all = await conduct(night(), {
        limits,
        run: async () => {
          most = Math.max(most, ++running)
          await setImmediate(undefined)
          running--
          return 'passed' as const
        },
      })
      assert.equal(most, 2)
      assert.deepEqual(outcomes(all), Array(8).fill('passed'))
    })

    it('begins none that still waits when it is stopped', async () => {
      const stop = new AbortController()
      const ran: string[] = []
      const all = await conduct(night(), {
        limits,
        signal: stop.signal,
        run: async (board) => {
          if (ran.push(board) === 2) stop.abort('time is up')
          else await once(stop.signal, 'abort')
          return undefined
        },
      })
      assert.deepEqual(ran, ['a', 'b'])
      assert.equal(all.stopped, 'time is up')
    })
  })

  it('prepares each payload once, and runs what is ready while another one is built', async () => {
    const prepared: string[] = []
    let finishBuild = () => undefined as void
    const built = new Promise<void>((resolve) => (finishBuild = resolve))
    const all = await conduct(nightOf(['a', 'b'], ['quick', 'slow'], ['boot']), {
      prepare: async (name) => {
        prepared.push(name)
        if (name === 'slow') await built
      },
      run: (_board, { specs }) => {
        if (specs[0] === 'quick/boot') finishBuild()
        return 'passed'
      },
    })
    assert.deepEqual(prepared, ['quick', 'slow'])
    assert.deepEqual(outcomes(all), Array(4).fill('passed'))
  })

  it('tries again what the bench has failed, and nothing else', async () => {
    const runs = new Map<string, number>()
    const all = await conduct(nightOf(['a'], ['p'], ['bench', 'board']), {
      run: (_board, { specs: [spec = ''] }) => {
        const before = runs.get(spec) ?? 0
        runs.set(spec, before + 1)
        if (spec === 'p/board') return 'board-failed'
        return spec === 'p/bench' && before === 0 ? 'infrastructure-failed' : 'passed'
      },
    })
    assert.deepEqual(outcomes(all), ['passed', 'board-failed'])
    assert.deepEqual(
      all.cells.map(({ attempts }) => attempts.map(({ verdict }) => verdict)),
      [['infrastructure-failed', 'passed'], ['board-failed']],
    )
    assert.equal(all.cells[1]?.blame, 'board')
  })

  it('takes out a board that is not well, and blames the bench for the cells it did not come to', async () => {
    const all = await conduct(nightOf(['sick', 'well'], ['p'], ['boot', 'usb']), {
      run: (board, { specs }) =>
        board === 'sick' && specs[0] === health ? 'infrastructure-failed' : 'passed',
    })
    assert.deepEqual(outcomes(all), ['not-run', 'not-run', 'passed', 'passed'])
    assert.deepEqual(
      all.cells.map(({ blame }) => blame),
      ['infrastructure', 'infrastructure', undefined, undefined],
    )
    assert.match(all.boardsOut['sick'] ?? '', /does not boot what it has/)
  })

  it('has a board show that it is well after failures of its bench in a row', async () => {
    let checks = 0
    const all = await conduct(nightOf(['a'], ['p'], ['1', '2', '3', '4']), {
      limits: { infrastructureRetries: 0, boardAfter: 2, payloadAfter: 0, stopAfter: 0 },
      run: (_board, { specs }) => {
        if (specs[0] !== health) return 'infrastructure-failed'
        checks++
        return checks === 1 ? 'passed' : 'board-failed'
      },
    })
    assert.deepEqual(outcomes(all), ['infrastructure-failed', 'infrastructure-failed', 'not-run', 'not-run'])
    assert.equal(checks, 3)
  })

  it('holds against no board what the host has failed', async () => {
    let checks = 0
    const all = await conduct(nightOf(['a'], ['p'], ['1', '2', '3', '4']), {
      limits: { infrastructureRetries: 0, boardAfter: 2, payloadAfter: 0, stopAfter: 0 },
      run: (_board, { specs }) => {
        if (specs[0] === health) checks++
        return specs[0] === health ? 'passed' : attemptOf('infrastructure-failed', { isOfHost: true })
      },
    })
    assert.deepEqual(outcomes(all), Array(4).fill('infrastructure-failed'))
    assert.equal(checks, 1, 'only before its first cell')
    assert.deepEqual(all.boardsOut, {})
  })

  it('says of a health check that the host has failed that nothing is known of the board', async () => {
    const all = await conduct(nightOf(['a'], ['p'], ['boot']), {
      run: () => attemptOf('infrastructure-failed', { isOfHost: true, why: 'the disk is full' }),
    })
    assert.deepEqual(outcomes(all), ['not-run'])
    const why = 'the host is not well, so nothing is known of the board: the disk is full'
    assert.equal(all.boardsOut['a'], why)
  })

  it('tells of a board that can not be had who has it', async () => {
    const all = await conduct(nightOf(['a', 'b'], ['p'], ['boot']), {
      refuse: 'a',
      run: () => 'passed',
    })
    assert.deepEqual(outcomes(all), ['not-run', 'passed'])
    assert.match(all.cells[0]?.why ?? '', /in use by ann/)
  })

  it('blames a payload that can not be made, and whoever else is to blame', async () => {
    const all = await conduct(nightOf(['a'], ['broken', 'untooled', 'fine'], ['boot']), {
      prepare: (name) => {
        if (name === 'untooled') throw new HilError('commits.build-tool', 'no make', { blame: 'environment' })
        return name === 'broken' ? { obstacle: { why: 'it does not build', blame: 'payload' } } : undefined
      },
      run: () => 'passed',
    })
    assert.deepEqual(outcomes(all), ['payload-unusable', 'environment-wrong', 'passed'])
    assert.match(all.cells[0]?.why ?? '', /it does not build/)
  })

  it('leaves out a payload that has passed before, and has no board for it', async () => {
    const opened: string[] = []
    const all = await conduct(nightOf(['a'], ['old', 'new'], ['boot']), {
      prepare: (name) => (name === 'old' ? { skipped: 'nothing has changed' } : undefined),
      onOpen: () => opened.push('a'),
      run: () => 'passed',
    })
    assert.deepEqual(outcomes(all), ['skipped', 'passed'])
    assert.equal(all.cells[0]?.why, 'nothing has changed')
    assert.equal(opened.length, 1)
    const none = await conduct(nightOf(['a'], ['old'], ['boot']), {
      prepare: () => ({ skipped: 'nothing has changed' }),
      onOpen: () => assert.fail('a board was leased for nothing'),
      run: () => 'passed',
    })
    assert.deepEqual(outcomes(none), ['skipped'])
  })

  it('goes on with another process where the one of a board has died', async () => {
    let opened = 0
    const all = await conduct(nightOf(['a'], ['p'], ['1', '2']), {
      onOpen: () => opened++,
      run: (_board, { specs }) => (specs[0] === 'p/1' ? 'infrastructure-failed' : 'passed'),
      diesAfter: 'p/1',
    })
    assert.deepEqual(outcomes(all), ['infrastructure-failed', 'passed'])
    assert.equal(opened, 2)
  })

  it('checks a board once more, with another process, where the one that checked it has died', async () => {
    let opened = 0
    const all = await conduct(nightOf(['a', 'b'], ['p'], ['1']), {
      onOpen: () => opened++,
      run: (board, { specs }) =>
        specs[0] === health && (board === 'b' || opened < 3)
          ? attemptOf('infrastructure-failed', { isOfHost: true, why: 'it was ended by SIGKILL' })
          : 'passed',
      diesAfter: health,
    })
    assert.deepEqual(outcomes(all), ['passed', 'not-run'])
    assert.deepEqual(all.health.map(({ board, verdict }) => `${board} ${verdict}`).sort(), [
      'a infrastructure-failed',
      'a passed',
      'b infrastructure-failed',
      'b infrastructure-failed',
    ])
  })

  it('stops when it is told to, and goes on with what has no outcome', async () => {
    const stop = new AbortController()
    const first = await conduct(nightOf(['a'], ['p'], ['1', '2', '3']), {
      signal: stop.signal,
      run: (_board, { specs }) => {
        if (specs[0] !== 'p/2') return 'passed'
        stop.abort('SIGINT')
        return undefined
      },
    })
    assert.deepEqual(outcomes(first), ['passed', undefined, undefined])
    assert.equal(first.stopped, 'it was interrupted (SIGINT)')
    const ran: string[] = []
    const second = await conduct(first, {
      run: (_board, { specs }) => {
        ran.push(specs.join())
        return 'passed'
      },
    })
    assert.deepEqual(ran, [health, 'p/2', 'p/3'])
    assert.deepEqual(outcomes(second), ['passed', 'passed', 'passed'])
    assert.equal(second.stopped, undefined)
  })

  it('gives up a payload that fails everywhere, and ends a night of failures', async () => {
    const limits = { infrastructureRetries: 0, boardAfter: 0, payloadAfter: 2, stopAfter: 0 }
    const given = await conduct(nightOf(['a'], ['bad', 'good'], ['1', '2', '3']), {
      limits,
      run: (_board, { specs }) => (specs[0]?.startsWith('bad') === true ? 'board-failed' : 'passed'),
    })
    assert.deepEqual(outcomes(given), [
      'board-failed',
      'board-failed',
      'not-run',
      'passed',
      'passed',
      'passed',
    ])
    const ended = await conduct(nightOf(['a'], ['bad'], ['1', '2', '3']), {
      limits: { ...limits, payloadAfter: 0, stopAfter: 1 },
      run: (_board, { specs }) => (specs[0] === health ? 'passed' : 'test-failed'),
    })
    assert.equal(ended.stopped, '1 failed, which is the limit')
  })

  it('has the bench fail a cell whose hook before it fails, and runs the other ones', async () => {
    const hooks: string[] = []
    const all = await conduct(nightOf(['a'], ['p'], ['1', '2']), {
      before: (spec) => {
        hooks.push(`before ${spec}`)
        if (spec === '1') throw new HilError('nightly.hook', 'no relay', { blame: 'infrastructure' })
      },
      after: (spec) => hooks.push(`after ${spec}`),
      run: () => 'passed',
    })
    assert.deepEqual(outcomes(all), ['infrastructure-failed', 'passed'])
    assert.match(all.cells[0]?.why ?? '', /no relay/)
    assert.deepEqual(hooks, ['before 1', 'before 1', 'before 2', 'after 2'], 'it is tried again once')
  })

  it('blames nobody for a hook that the end of the night has ended', async () => {
    const stop = new AbortController()
    const all = await conduct(nightOf(['a'], ['p'], ['1', '2']), {
      signal: stop.signal,
      before: () => {
        stop.abort('the time that the plan gives is used up')
        throw new Error('was ended with the night')
      },
      run: () => 'passed',
    })
    assert.deepEqual(outcomes(all), [undefined, undefined])
    assert.equal(all.stopped, 'the time that the plan gives is used up')
  })

  it('keeps what it knows after each cell', async () => {
    const kept: number[] = []
    await conduct(nightOf(['a'], ['p'], ['1', '2']), {
      run: () => 'passed',
      save: ({ cells }) => kept.push(cells.filter(({ outcome }) => outcome !== undefined).length),
    })
    assert.ok(
      [0, 1, 2].every((count) => kept.includes(count)),
      kept.join(),
    )
  })
})

interface Conducting {
  readonly run: Run
  readonly prepare?: (name: string) => unknown
  readonly limits?: NightOptions['limits']
  readonly refuse?: string
  readonly diesAfter?: string
  readonly onOpen?: () => void
  /** Of a spec. */
  readonly before?: (spec: string) => void
  readonly after?: (spec: string) => void
  readonly save?: (record: NightRecord) => void
  readonly signal?: AbortSignal
}

function conduct(record: NightRecord, given: Conducting): Promise<NightRecord> {
  const job = { grep: undefined, state: undefined, testTimeoutMs: undefined, timeoutMs: 1000, retries: 0 }
  return conductNight(
    {
      limits: given.limits ?? { infrastructureRetries: 1, boardAfter: 3, payloadAfter: 0, stopAfter: 0 },
      prepare: async ({ name }) => ({
        boots: () => ({ kind: 'golden' }),
        ...((await given.prepare?.(name)) as object | undefined),
      }),
      open: (board) => {
        given.onOpen?.()
        if (board === given.refuse) {
          throw new HilError('lock.held', 'a is in use by ann', { blame: 'infrastructure' })
        }
        return Promise.resolve(fakeBoard(board, given))
      },
      jobOf: ({ payload, spec }, boots) => ({ ...job, boots, specs: [`${payload}/${spec}`] }),
      healthJob: { ...job, specs: [health], boots: { kind: 'golden' } },
      hooks: {
        before: ({ spec }) => Promise.resolve(spec).then(given.before),
        after: ({ spec }) => Promise.resolve(spec).then(given.after),
      },
      save: (kept) => {
        given.save?.(kept)
        return Promise.resolve()
      },
      onUpdate: () => undefined,
      signal: given.signal ?? new AbortController().signal,
    },
    record,
  )
}

function fakeBoard(name: string, { run, diesAfter }: Conducting): NightBoard {
  let isGone = false
  return {
    get isGone() {
      return isGone
    },
    async run(job) {
      const result = await run(name, job)
      isGone = job.specs[0] === diesAfter
      return typeof result === 'string' ? attemptOf(result) : result
    },
    close: () => Promise.resolve(),
  }
}

function outcomes({ cells }: NightRecord) {
  return cells.map(({ outcome }) => outcome)
}
