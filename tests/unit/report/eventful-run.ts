import assert from 'node:assert/strict'
import { assertionError, makeTest, ScriptedRun, timeoutError } from './script-run.ts'

/** A run in which everything happens that a test can come to. */
export function eventfulRun(): ScriptedRun {
  const names = ['passes', 'fails', 'dies', 'flakes', 'skips', 'never runs', 'NUL \0 and / ü 100%'] as const
  const tests = names.map((name) => makeTest(['boot', name]))
  const [passes, fails, dies, flakes, skips] = tests
  assert.ok(passes && fails && dies && flakes && skips)
  return new ScriptedRun()
    .take()
    .load(...tests)
    .start(passes)
    .emit({
      type: 'boot-proof',
      board: 'sim',
      stage: 'userspace',
      result: 'not-needed',
      links: [],
      seen: { banner: 'Linux version 6.1.0 (a@b)' },
    })
    .pass(passes)
    .start(fails)
    .receive('a\0b \x1b[31m\n'.repeat(30))
    .fail(fails, assertionError)
    .start(dies)
    .fail(dies, { ...timeoutError, blame: 'infrastructure' })
    .start(flakes)
    .fail(flakes, timeoutError, { willRetry: true })
    .start(flakes, 2)
    .pass(flakes, { attempt: 2, verdict: 'flaky' })
    .start(skips)
    .skip(skips, 'no stick')
    .finish('infrastructure-failed')
}
