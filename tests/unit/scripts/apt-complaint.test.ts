import assert from 'node:assert/strict'
import { aptComplaint } from '../../../scripts/setup/apt-complaint.mjs'

describe('what is told of the output of apt', () => {
  it('is its error', () => {
    const output = 'Reading package lists...\nE: Unable to locate package ser2net\nE: Another\n'
    assert.equal(aptComplaint(output), 'Unable to locate package ser2net')
  })

  it('is also the first address that it could not reach', () => {
    const output = [
      "W: Failed to fetch http://deb.debian.org/InRelease  Temporary failure resolving 'deb.debian.org'",
      'W: Failed to fetch http://security.debian.org/InRelease  Temporary failure',
      'W: Some index files failed to download. They have been ignored, or old ones used instead.',
      'E: Unable to locate package socat',
    ]
    assert.equal(
      aptComplaint(output.join('\n')),
      "Unable to locate package socat; Failed to fetch http://deb.debian.org/InRelease Temporary failure resolving 'deb.debian.org'",
    )
  })

  it('is the last line where there is no error', () => {
    assert.equal(aptComplaint('Hit:1\nspawn apt-get EACCES.\n\n'), 'spawn apt-get EACCES')
  })

  it('is that apt said nothing where it was silent', () => {
    assert.equal(aptComplaint(''), 'nothing')
  })
})
