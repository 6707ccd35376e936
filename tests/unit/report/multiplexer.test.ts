import assert from 'node:assert/strict'
import type { Reporter } from '../../../src/report/reporter.ts'
import { ScriptedRun } from './script-run.ts'

describe('the reporters of a run', () => {
  it('go on when one of them breaks, and it is told which', async () => {
    const seen: string[] = []
    const broken: Reporter = {
      name: 'broken',
      event() {
        throw new Error('no')
      },
      end() {
        assert.fail('a broken reporter gets no more calls')
      },
    }
    const brokenAtEnd: Reporter = { name: 'late', end: () => Promise.reject(new Error('disk full')) }
    const good: Reporter = {
      name: 'good',
      event: ({ type }) => seen.push(type),
      end: () => void seen.push('end'),
    }
    const failures = await new ScriptedRun().finish().play(broken, brokenAtEnd, good)
    assert.deepEqual(seen, ['run-started', 'board-released', 'run-finished', 'end'])
    assert.deepEqual(
      failures.map(({ reporter, error }) => `${reporter}: ${(error as Error).message}`),
      ['broken: no', 'late: disk full'],
    )
  })
})
