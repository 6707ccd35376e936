import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { compareDebianVersions, compareNames } from '../../../../../src/app/bisect/builders/version-order.ts'

describe('the order of kernels that are there already', () => {
  it('is that of people: numbers as numbers, and a release candidate before its release', () => {
    const names = ['v6.18', 'v6.9', 'v6.18-rc2', 'v6.18.1', 'v6.10', 'v6.18-rc10', '20260102', '3']
    assert.deepEqual(names.toSorted(compareNames), [
      ...['3', '20260102', 'v6.9', 'v6.10', 'v6.18-rc2', 'v6.18-rc10', 'v6.18', 'v6.18.1'],
    ])
  })

  const versions = [
    '6.12.9-1',
    '6.12.27-1',
    '6.12.27-1~bpo12+1',
    '6.12.27-1+deb13u1',
    '6.12~rc1-1~exp1',
    '6.12-1',
  ]
  const odd = [
    '1:1.0-1',
    '9:0.1',
    '1.0a',
    '1.0+',
    '1.0~',
    '1.0',
    '1.0-0',
    '1.00-1',
    '2-1-1',
    '2-1',
    '1.0~~',
    '0',
  ]

  it('of Debian packages is that of dpkg', function () {
    if (!existsSync('/usr/bin/dpkg')) this.skip()
    const all = [...versions, ...odd]
    for (const a of all) {
      for (const b of all) {
        const isLess = spawnSync('dpkg', ['--compare-versions', a, 'lt', b]).status === 0
        assert.equal(compareDebianVersions(a, b) < 0, isLess, `${a} ${b}`)
      }
    }
  })
})
