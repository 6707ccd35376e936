import assert from 'node:assert/strict'
import type { Console } from '../../../src/board/console.ts'
import type { PowerSwitch } from '../../../src/board/power-switch.ts'
import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import { HilError, type Blame } from '../../../src/core/errors.ts'
import type { RunEventBody } from '../../../src/core/events.ts'
import { defineStrategy } from '../../../src/strategy/define-strategy.ts'
import { StrategyRunner } from '../../../src/strategy/strategy-runner.ts'
import type { Found, StrategyBoard } from '../../../src/strategy/strategy.ts'

type Mine = { off: undefined; low: { name: string }; high: { name: string } }

const handle = (name: string) => ({ name, run: () => Promise.resolve(`${name} answers`) })

/** A strategy whose edges, reset and probe are set by the test, and all that a runner tells and does. */
class Bench {
  readonly events: RunEventBody[] = []
  readonly done: string[] = []
  power: 'on' | 'off' = 'off'
  /** What the named way does in place of reaching its state, each time it is gone. */
  trouble: Record<string, (t: Deadline) => Promise<never> | undefined> = {}
  probe: () => Promise<Found<Mine> | undefined> = () => Promise.resolve(undefined)
  readonly runner: StrategyRunner

  constructor({ retries = 0, adoptRunning = true, budgets = {}, repair = () => Promise.resolve() } = {}) {
    const go = async (way: string, t: Deadline) => {
      this.done.push(way)
      await this.trouble[way]?.(t)
      return handle(way)
    }
    const strategy = defineStrategy<Mine>()({
      name: 'mine',
      states: { off: '', low: '', high: '' },
      rest: 'off',
      reset: async (_board, t) => {
        await go('reset', t)
        this.power = 'off'
      },
      probe: () => {
        this.done.push('probe')
        return this.probe()
      },
      edges: [
        { from: 'off', to: 'low', budget: '1s', retries, enter: (_board, _handle, t) => go('off low', t) },
        { from: 'low', to: 'high', budget: '1s', enter: (_board, _handle, t) => go('low high', t) },
        {
          from: 'high',
          to: 'low',
          budget: '1s',
          resets: true,
          enter: (_board, _handle, t) => go('high low', t),
        },
      ],
    })
    const power: PowerSwitch = {
      on: () => Promise.resolve(),
      off: () => Promise.resolve(),
      state: () => Promise.resolve(this.power),
    }
    const board = {
      name: 'one',
      power,
      takeConsole: (owner: string) => {
        this.done.push(`console for ${owner}`)
        return {} as Console
      },
      note: (message: string) => this.done.push(`note: ${message}`),
    } as Partial<StrategyBoard> as StrategyBoard
    this.runner = new StrategyRunner({
      strategy,
      board,
      budgets,
      adoptRunning,
      repair,
      onReset: () => this.done.push('reset is expected'),
      emit: (event) => this.events.push(event),
    })
  }

  goto(state: string, t = startDeadline(5000, 'test')): Promise<unknown> {
    return this.runner.goto(state, t).finally(() => {
      t[Symbol.dispose]()
    })
  }

  transitions(): readonly string[] {
    return this.events.flatMap((event) => {
      if (event.type === 'state-entering') return `${event.from} -> ${event.to}?`
      if (event.type === 'state-entered') return `${event.from} -> ${event.to} by ${event.by}`
      if (event.type === 'state-failed')
        return `${event.from} -> ${event.to} failed${event.willRetry ? ', again' : ''}`
      return []
    })
  }
}

const fail = (blame: Blame) => () => Promise.reject(new HilError('test.failed', 'it failed', { blame }))

/** Fails the first time only. */
function once(work: () => Promise<never>): () => Promise<never> | undefined {
  let times = 0
  return () => (times++ === 0 ? work() : undefined)
}

describe('StrategyRunner', () => {
  it('probes, resets where that does not tell, and takes the edges in turn', async () => {
    const bench = new Bench()
    assert.equal(bench.runner.state, 'unknown')
    assert.deepEqual(await bench.goto('high').then((found) => (found as { name: string }).name), 'low high')
    assert.equal(bench.runner.state, 'high')
    assert.deepEqual(bench.transitions(), [
      'unknown -> off?',
      'unknown -> off by reset',
      'off -> low?',
      'off -> low by edge',
      'low -> high?',
      'low -> high by edge',
    ])
  })

  it('starts from the state a probe has found', async () => {
    const bench = new Bench()
    bench.probe = () => Promise.resolve({ state: 'low', handle: handle('found') })
    await bench.goto('high')
    assert.deepEqual(bench.done, ['probe', 'low high'])
  })

  it('does nothing when it is there', async () => {
    const bench = new Bench()
    await bench.goto('low')
    bench.done.length = 0
    await bench.goto('low')
    assert.deepEqual(bench.done, [])
  })

  it('takes an edge rather than a reset, and a reset where no edge leads; says before which one the board resets', async () => {
    const bench = new Bench()
    await bench.goto('high')
    bench.done.length = 0
    await bench.goto('low')
    assert.deepEqual(bench.done, ['reset is expected', 'high low'])
    await bench.goto('off')
    assert.deepEqual(bench.done, ['reset is expected', 'high low', 'reset'])
  })

  it('asks a board that is dead nothing, and starts at rest', async () => {
    const bench = new Bench()
    await bench.goto('high')
    bench.done.length = 0
    bench.runner.die()
    await bench.goto('low')
    assert.deepEqual(bench.done, ['reset', 'off low'])
    bench.runner.die()
    bench.runner.revive()
    bench.done.length = 0
    await bench.goto('low')
    assert.equal(bench.done[0], 'probe')
  })

  it('does not use what runs already when it may not', async () => {
    const bench = new Bench({ adoptRunning: false })
    bench.probe = () => Promise.resolve({ state: 'high', handle: handle('stale') })
    await bench.goto('low')
    assert.deepEqual(bench.done, ['reset', 'off low'])
  })

  it('is in no known state while an edge runs, and after it failed', async () => {
    const bench = new Bench()
    bench.trouble['off low'] = () => {
      assert.equal(bench.runner.state, 'unknown')
      return fail('board')()
    }
    await assert.rejects(bench.goto('low'), { code: 'test.failed' })
    assert.equal(bench.runner.state, 'unknown')
    assert.equal(bench.runner.handle, undefined)
  })

  it('is not spoilt by a failure: the next goto probes, resets and arrives', async () => {
    const bench = new Bench()
    bench.trouble['low high'] = once(fail('board'))
    await assert.rejects(bench.goto('high'))
    bench.done.length = 0
    await bench.goto('high')
    assert.deepEqual(bench.done, ['probe', 'reset', 'off low', 'low high'])
  })

  it('tries an infrastructure error again from rest, as often as the edge says, and tells each attempt', async () => {
    const bench = new Bench({ retries: 2 })
    bench.trouble['off low'] = once(fail('infrastructure'))
    await bench.goto('low')
    assert.deepEqual(bench.transitions().slice(2), [
      'off -> low?',
      'off -> low failed, again',
      'unknown -> off?',
      'unknown -> off by reset',
      'off -> low?',
      'off -> low by edge',
    ])
    const attempts = bench.events.flatMap((event) => (event.type === 'state-entering' ? event.attempt : []))
    assert.deepEqual(attempts, [1, 1, 1, 2])

    const hopeless = new Bench({ retries: 2 })
    hopeless.trouble['off low'] = fail('infrastructure')
    await assert.rejects(hopeless.goto('low'), { code: 'test.failed' })
    assert.equal(hopeless.done.filter((way) => way === 'off low').length, 3)
  })

  it('tries nothing else again', async () => {
    for (const blame of ['board', 'test', 'payload', 'environment', 'hil'] as const) {
      const bench = new Bench({ retries: 2 })
      bench.trouble['off low'] = fail(blame)
      await assert.rejects(bench.goto('low'))
      assert.equal(bench.done.filter((way) => way === 'off low').length, 1, blame)
    }
  })

  it('gives an edge its own budget, or the one of the environment, and takes the console from what overstays it', async () => {
    const bench = new Bench({ budgets: { low: 20 } })
    bench.trouble['off low'] = () => new Promise<never>(() => undefined)
    await assert.rejects(bench.goto('low'), {
      code: 'deadline.exceeded',
      message: 'one: off -> low took longer than 20 ms (test 5 s > one: off -> low 20 ms)',
    })
    assert.equal(bench.done.at(-1), 'console for nobody: an edge of the strategy failed')
    assert.deepEqual(
      bench.events.flatMap((event) => (event.type === 'state-entering' ? event.budgetMs : [])),
      [30_000, 20],
    )
  })

  it('lets an edge that ran out of time say what it was waiting for', async () => {
    const bench = new Bench({ budgets: { low: 20 } })
    bench.trouble['off low'] = (t) =>
      new Promise<never>((_resolve, reject) => {
        t.signal.addEventListener('abort', () => {
          setImmediate(reject, new HilError('test.silent', 'the board is silent', { blame: 'board' }))
        })
      })
    await assert.rejects(bench.goto('low'), { code: 'test.silent' })
  })

  it('takes the reason of an interruption for no failure to try again', async () => {
    const bench = new Bench({ retries: 5 })
    const interruption = new AbortController()
    bench.trouble['off low'] = () => {
      interruption.abort(new Error('interrupted'))
      return new Promise<never>(() => undefined)
    }
    await assert.rejects(bench.goto('low', startDeadline(5000, 'test', interruption)), {
      message: 'interrupted',
    })
    assert.equal(bench.done.filter((way) => way === 'off low').length, 1)
  })

  it('calls what a strategy throws by itself a bug of the strategy', async () => {
    const bench = new Bench()
    bench.trouble['off low'] = () => Promise.reject(new TypeError('x is not a function'))
    await assert.rejects(bench.goto('low'), {
      code: 'strategy.broken',
      blame: 'hil',
      message: 'the strategy "mine" threw on the way off -> low: x is not a function',
    })
  })

  it('goes on from a probe that throws or never ends', async () => {
    const bench = new Bench()
    bench.probe = () => Promise.reject(new Error('no luck'))
    await bench.goto('low')
    assert.ok(bench.done.includes('note: could not tell the state of the board: no luck'))
    assert.equal(bench.runner.state, 'low')
  })

  it('repairs before it probes and before it resets', async () => {
    const done: string[][] = []
    const bench: Bench = new Bench({ repair: () => Promise.resolve(void done.push([...bench.done])) })
    await bench.goto('low')
    assert.deepEqual(done, [[], ['probe']])
  })

  it('looks after a doubt whether the prompt still answers, and believes it then', async () => {
    const bench = new Bench()
    await bench.goto('low')
    bench.done.length = 0
    bench.runner.doubt()
    await bench.goto('low')
    assert.deepEqual(bench.done, [])

    const { runner } = bench
    ;(runner.handle as { run: unknown }).run = () => Promise.reject(new Error('gone'))
    runner.doubt()
    await bench.goto('low')
    assert.deepEqual(bench.done, ['probe', 'reset', 'off low'])
  })

  it('believes a doubtful state without handle when the power is off', async () => {
    const bench = new Bench()
    await bench.goto('off')
    bench.done.length = 0
    bench.runner.doubt()
    await bench.goto('off')
    bench.power = 'on'
    bench.runner.doubt()
    await bench.goto('off')
    assert.deepEqual(bench.done, ['probe', 'reset'])
  })

  it('knows no other states than those of its strategy', async () => {
    await assert.rejects(new Bench().goto('hihg'), {
      code: 'strategy.unknown-state',
      message: /did you mean "high"/,
    })
  })
})
