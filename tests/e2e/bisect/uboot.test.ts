import assert from 'node:assert/strict'
import { join } from 'node:path'
import { debianArm64 } from '../../../scripts/setup/places.mjs'
import { GitHistory } from '../../support/git-history.ts'
import { describeWith } from '../../support/requirements.ts'
import { runHil } from '../../support/run-hil.ts'
import {
  disagreements,
  makeBisectionBench,
  ubootEnvironment,
  type BisectionBench,
} from './bisection-bench.ts'

const { kernel, busybox } = debianArm64()

const environment = ubootEnvironment()

const spec = `
import assert from 'node:assert/strict'
import { useBoard } from 'hil'

describe('the system', () => {
  const board = useBoard({ state: 'shell' })
  it('has its service', async () => {
    const { stdout } = await board.shell.run('sh /usr/bin/service')
    assert.equal(stdout, 'running\\n')
  })
})
`

const service = '#!/bin/sh\necho running\n'

/** Sources of an initramfs: some commits do not build, one hangs the board otherwise, and one breaks the service. */
function history(directory: string): { readonly culprit: string; readonly first: string } {
  const git = new GitHistory(directory)
  const first = git.commit('Begin', {
    'build.sh': '#!/bin/sh\nset -e\n! test -e broken\ntest -d root\n',
    'root/usr/bin/service': service,
  })
  const plain = (count: number, name: string) => {
    for (let index = 0; index < count; index++) git.commit(`${name} ${index}`)
  }
  plain(6, 'docs')
  git.commit('Break the build', { broken: 'yes' })
  git.commit('Mend the build', { broken: null })
  plain(5, 'more docs')
  const culprit = git.commit('Simplify the service', { 'root/usr/bin/service': '#!/bin/sh\nexit 3\n' })
  plain(7, 'later')
  return { culprit, first }
}

describeWith(['qemu'], 'hil bisect on a board with U-Boot', function () {
  this.timeout(15 * 60_000)
  let bench: BisectionBench
  before(async () => {
    bench = await makeBisectionBench({ 'env.yaml': environment, 'system.spec.ts': spec })
  })
  after(() => bench[Symbol.asyncDispose]())

  it('names the commit that broke a service, checks it, and leaves nothing in the repository', async () => {
    const repository = bench.path('rootfs')
    const { culprit, first } = history(repository)
    const result = await runHil(
      [
        ...['bisect', 'system.spec.ts', '--env', 'env.yaml', '--repository', repository],
        ...['--good', first, '--bad', 'main', '--build', 'sh build.sh'],
        ...['--kernel', kernel, '--busybox', busybox, '--files', join(repository, 'root')],
      ],
      { cwd: bench.directory, env: bench.env },
    )
    assert.equal(result.exitCode, 0, `${result.stdout}${result.stderr}`)
    const record = await bench.record()
    assert.equal(record.conclusion?.kind, 'found')
    assert.deepEqual(record.conclusion.commits, [culprit])
    assert.deepEqual(disagreements(record), [])
    assert.equal(record.signature?.kind, 'test')
    assert.ok(record.probes.every(({ report }) => report !== undefined))
    assert.match(
      await bench.report('mail.txt'),
      /^ {2}Fixes: \w{12} \("Simplify the service"\)$.*^\+exit 3$/ms,
    )
    assert.match(
      await bench.report('report.html'),
      /<h1>Culprit found<\/h1>.*href="probes\/[^"]*report\.html".*href="builds\/[^"]*"/s,
    )
    assert.match(await bench.report('boots.html'), /Two boots side by side/)
    // What hil types on a console tells nobody anything.
    assert.doesNotMatch(await bench.report('mail.txt'), /What was seen/)
    const { stdout: worktrees } = { stdout: new GitHistory(repository).git('worktree', 'list') }
    assert.equal(worktrees.split('\n').length, 1)
  })
})
