import assert from 'node:assert/strict'
import { formatChain, isDeadlineExceeded, startDeadline } from '../../../src/core/deadline.ts'
import { HilError } from '../../../src/core/errors.ts'
import { finishBy } from '../../../src/core/finish-by.ts'

const never = () => new Promise<never>(() => undefined)

describe('a deadline', () => {
  it('ends what waits with the name of the budget that ran out, and the chain it stood in', async () => {
    using run = startDeadline(60_000, 'the run')
    using boot = run.within(20, 'boot')
    await assert.rejects(boot.race(never()), (error) => {
      assert.ok(isDeadlineExceeded(error))
      assert.equal(error.blame, 'infrastructure')
      assert.equal(error.message, 'boot took longer than 20 ms (the run 1 min > boot 20 ms)')
      return true
    })
    assert.throws(() => {
      boot.throwIfOver()
    }, isDeadlineExceeded)
    run.throwIfOver()
  })

  it('never outlives the one around it, whatever it was given', async () => {
    using run = startDeadline(20, 'the run')
    using boot = run.within(60_000, 'boot')
    assert.ok(boot.remaining() <= 20)
    await assert.rejects(boot.race(never()), /^HilError: the run took longer than 20 ms \(the run 20 ms\)$/)
    assert.equal(boot.remaining(), 0)
    using late = boot.within(60_000, 'a command')
    assert.throws(() => {
      late.throwIfOver()
    }, isDeadlineExceeded)
  })

  it('is cancelled for the reason that is given, which is no missed deadline', async () => {
    const interrupt = new AbortController()
    using run = startDeadline(60_000, 'the run', { signal: interrupt.signal })
    using boot = run.within(60_000, 'boot')
    const waiting = boot.race(never())
    const reason = new HilError('run.interrupted', 'Ctrl-C', { blame: 'test' })
    interrupt.abort(reason)
    await assert.rejects(waiting, (error) => error === reason && !isDeadlineExceeded(error))
  })

  it('does not run out once it was disposed of, nor without a limit', async () => {
    const boot = startDeadline(10, 'boot')
    boot[Symbol.dispose]()
    using run = startDeadline(Infinity, 'the run')
    using beside = run.within(40, 'beside')
    await assert.rejects(beside.race(never()), isDeadlineExceeded)
    boot.throwIfOver()
    run.throwIfOver()
    assert.equal(formatChain(beside.chain()), 'the run no limit > beside 40 ms')
  })
})

describe('finishBy', () => {
  it('takes what work says of the missed deadline rather than that time ran out', async () => {
    using t = startDeadline(10, 'a prompt')
    const work = t.race(never()).catch(() => Promise.reject(new Error('saw "=> "')))
    await assert.rejects(finishBy(work, t), /saw "=> "/)
  })

  it('does not wait for work that says nothing', async () => {
    using t = startDeadline(10, 'a prompt')
    await assert.rejects(finishBy(never(), t, 20), isDeadlineExceeded)
  })
})
