import assert from 'node:assert/strict'
import { findProgram } from '../../../src/core/find-program.ts'

describe('Finding a program', () => {
  it('looks in every directory of the path, in order', async () => {
    assert.equal(await findProgram('sh', '/nonexistent:/bin:/usr/bin'), '/bin/sh')
  })

  it('takes a name with a slash as a path', async () => {
    assert.equal(await findProgram('/bin/sh', ''), '/bin/sh')
  })

  it('finds neither directories nor files that can’t be run', async () => {
    assert.equal(await findProgram('/etc'), undefined)
    assert.equal(await findProgram('/etc/passwd'), undefined)
    assert.equal(await findProgram('no-such-program-anywhere'), undefined)
  })
})
