import assert from 'node:assert/strict'
import type { KtapResult } from '../../../src/kernel/ktap/ktap-reader.ts'
import { readKernelLog } from '../../../src/kernel/read-kernel-log.ts'

function ktapOf(text: string): readonly KtapResult[] {
  return readKernelLog(text).ktap
}

/** One line a result, children indented: `name: status (note)`. */
function outline(results: readonly KtapResult[], indent = ''): string[] {
  return results.flatMap(({ name, status, note, children }) => [
    `${indent}${name}: ${status}${note === '' ? '' : ` (${note})`}`,
    ...outline(children, `${indent}  `),
  ])
}

describe('KTAP on a console', () => {
  it('reads the results of kselftest, with their directives', () => {
    const log = `TAP version 13
1..6
# selftests: pump: fill
ok 1 selftests: pump: fill
# the valve is stuck
not ok 2 selftests: pump: drain # exit=1
ok 3 selftests: pump: night # SKIP
not ok 4 selftests: pump: slow # TIMEOUT 45 seconds
not ok 5 selftests: pump: rust # XFAIL known
not ok 6 selftests: pump: none # ERROR could not start
`
    assert.deepEqual(outline(ktapOf(log)), [
      'selftests: pump: fill: passed',
      'selftests: pump: drain: failed (exit=1)',
      'selftests: pump: night: skipped (SKIP)',
      'selftests: pump: slow: timeout (TIMEOUT 45 seconds)',
      'selftests: pump: rust: expected-failure (XFAIL known)',
      'selftests: pump: none: error (ERROR could not start)',
    ])
    assert.deepEqual(ktapOf(log)[1]?.diagnostics, ['the valve is stuck'])
  })

  it('reads nested results of KUnit behind stamps and among other messages', () => {
    const log = `[    1.000001] KTAP version 1
[    1.000002] 1..2
[    1.000003]     KTAP version 1
[    1.000004]     # Subtest: pump
[    1.000005]     1..2
[    1.000006] usb 1-1: new high-speed USB device number 2
[    1.000007]     ok 1 fill
[    1.000008]     # drain: EXPECTATION FAILED at drivers/pump/test.c:12
[    1.000009]     not ok 2 drain
[    1.000010] # pump: pass:1 fail:1 skip:0 total:2
[    1.000011] not ok 1 pump
[    1.000012]     KTAP version 1
[    1.000013]     # Subtest: well
[    1.000014]     1..1
[    1.000015]     ok 1 depth
[    1.000016] ok 2 well
`
    const results = ktapOf(log)
    assert.deepEqual(outline(results), [
      'pump: failed',
      '  fill: passed',
      '  drain: failed',
      'well: passed',
      '  depth: passed',
    ])
    assert.deepEqual(results[0]?.children[1]?.path, ['pump'])
    assert.equal(results[0].children[1].kernelTime, 1.000009)
    assert.deepEqual(results[0].children[1].diagnostics, [
      'drain: EXPECTATION FAILED at drivers/pump/test.c:12',
    ])
  })

  it('reads nesting by two spaces, as the specification has it', () => {
    const log = `KTAP version 1
1..1
  KTAP version 1
  1..1
    KTAP version 1
    1..1
    ok 1 innermost
  ok 1 inner
ok 1 outer
`
    assert.deepEqual(outline(ktapOf(log)), ['outer: passed', '  inner: passed', '    innermost: passed'])
  })

  it('lets a parent fail where a child failed', () => {
    const log = 'KTAP version 1\n1..1\n  KTAP version 1\n  1..1\n  not ok 1 child\nok 1 parent\n'
    assert.equal(ktapOf(log)[0]?.status, 'failed')
  })

  it('takes what did not come for a crash', () => {
    const log = `KTAP version 1
1..3
ok 1 first
    KTAP version 1
    # Subtest: second
    1..4
    ok 1 one
[    9.000000] Kernel panic - not syncing: gone
`
    assert.deepEqual(outline(ktapOf(log)), [
      'first: passed',
      'second: error (no result: the test ended early)',
      '  one: passed',
      '  : error (no result: 3 of 4 planned tests did not report)',
      ': error (no result: 1 of 3 planned tests did not report)',
    ])
  })

  it('does without a plan', () => {
    assert.deepEqual(outline(ktapOf('TAP version 14\nok 1 a\nok 2 - b\n')), ['a: passed', 'b: passed'])
  })

  it('ends where a test bails out', () => {
    const log = 'TAP version 13\n1..3\nok 1 a\nBail out! no pump\nok 2 b\n'
    assert.deepEqual(outline(ktapOf(log)), [
      'a: passed',
      ': error (no result: 2 of 3 planned tests did not report)',
    ])
  })

  it('reads nothing before a version line', () => {
    assert.deepEqual(ktapOf('ok 1 all is well\n# ls\n1..2\nnot ok 2 so they say\n'), [])
  })

  it('ends a document with the boot', () => {
    const log = `TAP version 13
1..2
ok 1 a
[    5.000000] reboot: Restarting system

U-Boot 2024.01
ok 2 b
`
    assert.deepEqual(outline(ktapOf(`[    0.000000] Linux version 6.9.0\n${log}`)), [
      'a: passed',
      ': error (no result: 1 of 2 planned tests did not report)',
    ])
  })
})
