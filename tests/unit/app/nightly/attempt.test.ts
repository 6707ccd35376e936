import assert from 'node:assert/strict'
import { toAttempt } from '../../../../src/app/nightly/worker/attempt.ts'
import { BootCollector } from '../../../../src/app/history/collect-boots.ts'
import { HilError, toSerializedError } from '../../../../src/core/errors.ts'
import type { Verdict } from '../../../../src/core/verdicts.ts'
import { assertionError, makeTest, ScriptedRun } from '../../report/script-run.ts'

describe('why a cell of a night failed', () => {
  const remark = new HilError('simulator.unsupported', 'its simulator does not simulate GPIO', {
    blame: 'environment',
  })
  const noPower = new HilError('power.refused', 'pdu1 refused "on"', { blame: 'infrastructure' })

  /** @param failing whether its test did */
  function whyOf(verdict: Verdict, failing: boolean, error?: HilError): string {
    const test = makeTest(['usb', 'has a stick'])
    const run = new ScriptedRun().load(test).start(test)
    if (failing) run.fail(test, assertionError)
    else run.pass(test)
    const { record } = run.finish(verdict, error && { error: toSerializedError(error) })
    const counts = { passed: failing ? 0 : 1, failed: failing ? 1 : 0, skipped: 0, flaky: 0 }
    const outcome = { verdict, exitCode: 1, counts, ...(error && { error }) }
    const about = { startedAt: '2026-01-02T03:04:05.000Z', durationMs: 1, powerCycles: 1, report: 'cells/r' }
    return toAttempt({ record, outcome, ...about }, new BootCollector(), (report) => report).why
  }

  it('is the assertion first, then what was wrong at the end', () => {
    const assertion = '"usb › has a stick" failed: Expected values to be strictly equal: # !== #'
    assert.equal(whyOf('test-failed', true), assertion)
    assert.equal(whyOf('test-failed', true, remark), `${assertion}; and its simulator does not simulate GPIO`)
  })

  it('is what was wrong at the end where all tests passed', () => {
    assert.equal(whyOf('environment-wrong', false, remark), 'its simulator does not simulate GPIO')
  })

  it('is the graver failure of the bench, whatever a test said', () => {
    assert.equal(whyOf('infrastructure-failed', true, noPower), 'pdu1 refused "on"')
  })
})
