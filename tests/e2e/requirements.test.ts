import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { readProgress } from '../../scripts/test/progress.mjs'
import { demandedRequirements, requirement } from '../support/requirements.ts'

describe('what HIL_REQUIRE demands', () => {
  for (const name of demandedRequirements()) {
    it(`has ${name} on this machine`, () => {
      const { available, reason } = requirement(name)
      assert.ok(available, reason)
    })
  }
})

describe('a test that needs something of the machine', () => {
  let directory = ''

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hil-test-'))
    await symlink('/bin/true', join(directory, 'cpio'))
  })
  afterEach(() => rm(directory, { recursive: true }))

  /** Runs a file of tests on a machine that has cpio and nothing else. */
  async function runFixture(demanded: string) {
    const progressFile = join(directory, 'progress.json')
    const { exitCode, stdout } = await execa({
      reject: false,
      env: { PATH: directory, XDG_CACHE_HOME: directory, HIL_REQUIRE: demanded },
    })(process.execPath, [
      'node_modules/mocha/bin/mocha.js',
      '--reporter=scripts/test/reporter.mjs',
      `--reporter-option=progress=${progressFile},parting=10000`,
      'tests/fixtures/requirements/needs.ts',
    ])
    const progress = readProgress(progressFile)
    assert.ok(progress)
    return { exitCode, stdout, progress }
  }

  it('runs where that is there, and is skipped with the reason in its title where it is not', async () => {
    const { exitCode, progress } = await runFixture('')
    assert.equal(exitCode, 0)
    assert.equal(progress.passed, 1)
    assert.equal(progress.failed, 0)
    const dtc = 'dtc (package device-tree-compiler) is not installed, see `npm run setup`'
    const qemu = 'qemu-system-arm is not installed, see `npm run setup`'
    assert.deepEqual(progress.skipped, [
      `a test that lacks something [skipped: ${dtc}]`,
      `a test on a real image [skipped: ${qemu}]`,
      `a suite that lacks something [skipped: ${dtc}] does not run`,
      `a suite that lacks something [skipped: ${dtc}] does not run either`,
    ])
  })

  it('is skipped with what set-up said when it could not get that', async () => {
    const missing = [{ what: ['device-tree-compiler'], reason: 'the disk is full', fix: '' }]
    await mkdir(join(directory, 'hil'))
    await writeFile(join(directory, 'hil', 'setup.json'), JSON.stringify({ missing }))
    const { progress } = await runFixture('')
    assert.match(progress.skipped[0] ?? '', /is not installed: the disk is full\]$/)
  })

  it('fails where HIL_REQUIRE names what is not there, and only then', async () => {
    const { exitCode, progress, stdout } = await runFixture('dtc')
    assert.equal(exitCode, 2)
    assert.equal(progress.passed, 1)
    assert.equal(progress.failed, 2)
    assert.equal(progress.skipped.length, 1)
    assert.match(stdout, /HIL_REQUIRE demands dtc, but dtc \(package device-tree-compiler\) is not installed/)
  })

  it('fails on a program that set-up could never install', () => {
    assert.throws(() => requirement('no-such-program'), /no package .* gives no-such-program/)
  })
})
