import assert from 'node:assert/strict'
import { makeBench } from '../../support/simulated-bench.ts'

describe('A shell script as a spec', function () {
  this.timeout(60_000)

  it('passes, fails or is skipped by its exit status, and what it printed is in the report', async () => {
    await using bench = await makeBench({
      'pass.sh': `uname -m\ntest "$0" = pass.sh\n`,
      'fail.sh': `#!/bin/sh -e\necho "it's broken"\nfalse\nexit 0\n`,
      'skip.sh': `echo no such hardware\nexit 4\n`,
    })
    const { exitCode, stdout } = await bench.hil(['run', 'pass.sh', 'fail.sh', 'skip.sh', '--env', 'sim'])
    assert.equal(exitCode, 1)
    const { tests } = await bench.summary()
    assert.deepEqual(
      tests.map(({ titles, outcome }) => [...titles, outcome]),
      [
        ['pass.sh', 'passed'],
        ['fail.sh', 'failed'],
        ['skip.sh', 'skipped'],
      ],
    )
    assert.match(stdout, /│ aarch64\n.*✓ pass\.sh/)
    assert.match(stdout, /"fail\.sh" ended with status 1 and printed:\n {3}it's broken\n/)
    assert.match(stdout, /│ no such hardware\n/)
  })

  it('is refused where no shell would take it whole', async () => {
    await using bench = await makeBench({ 'long.sh': `: ${'x'.repeat(128 * 1024)}\n` })
    const { exitCode, stderr, stdout } = await bench.hil(['run', 'long.sh', '--env', 'sim'])
    assert.equal(exitCode, 2)
    assert.match(`${stdout}${stderr}`, /long\.sh has 131075 bytes, and a shell takes one of 131071 at most/)
  })

  it('is found in a directory by the name of a spec, and has no longer than a test has', async () => {
    await using bench = await makeBench({
      'tests/slow.spec.sh': 'while :; do :; done\n',
      'tests/setup.sh': 'false\n',
    })
    const { exitCode } = await bench.hil(['run', 'tests', '--env', 'sim', '--timeout', '500ms'])
    assert.equal(exitCode, 1)
    const { tests, verdict } = await bench.summary()
    assert.deepEqual(
      tests.map(({ titles }) => titles),
      [['slow.spec.sh']],
    )
    assert.equal(verdict, 'board-failed')
  })
})
