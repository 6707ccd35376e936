import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { fakeKernelTree } from '../../support/bisect/fake-kernel-tree.ts'
import { GitHistory } from '../../support/git-history.ts'
import { describeWith } from '../../support/requirements.ts'
import { runHil } from '../../support/run-hil.ts'
import { makeBisectionBench, type BisectionBench } from './bisection-bench.ts'

const environment = `
boards:
  one:
    architecture: arm64
    compatible: linux,dummy-virt
    machine: { driver: simulator }
    bootloader: barebox
    boot: { source: virtioblk0 }
`

const spec = `
import { useBoard } from 'hil'
const board = useBoard({ state: 'shell' })
it('has a shell', () => board.shell.runOk('true'))
`

/** Of a history of three commits in `linux`: first, second (a tag each) and main. */
const cases: readonly (readonly [what: string, words: string, said: RegExp])[] = [
  [
    'ends that are the same',
    '--build true --good main --bad HEAD',
    /are the same commit, \w{12}: there is nothing/,
  ],
  [
    'ends that are swapped',
    '--build true --good main --bad first',
    /"first" \(bad\) is an ancestor of "main" \(good\): did you swap/,
  ],
  [
    'a revision that nobody knows',
    '--build true --good fist --bad main',
    /"fist" is no revision: .*; did you mean "first"\?/,
  ],
  [
    'a tree without a configuration',
    '--kernel-tree linux --good first --bad main',
    /linux has no \.config: configure it/,
  ],
  ['nothing that builds', '--good first --bad main', /nothing says how a commit becomes a kernel/],
  [
    'a range of which no commit touches the paths',
    '--build true --good first --bad main --paths net',
    /has no net \(--paths\) at either end/,
  ],
  ['a spec that is not there', '--build true --good first --bad main', /no\.spec\.ts/],
]

describeWith(['git'], 'a bisection that can not begin', function () {
  this.timeout(120_000)
  let bench: BisectionBench
  before(async () => {
    bench = await makeBisectionBench({ 'env.yaml': environment, 'a.spec.ts': spec })
    const history = new GitHistory(bench.path('linux'))
    history.commit('first', fakeKernelTree('one'))
    history.tag('first')
    history.commit('second', { code: 'two' })
    history.commit('third', { code: 'three' })
  })
  after(() => bench[Symbol.asyncDispose]())

  const bisect = (words: string, file = 'a.spec.ts') =>
    runHil(
      [
        'bisect',
        file,
        '--env',
        'env.yaml',
        '--repository',
        'linux',
        '--bootargs',
        'quiet',
        ...words.split(' '),
      ],
      { cwd: bench.directory, env: bench.env },
    )

  function assertNothingLeft() {
    assert.ok(!existsSync(bench.path('reports')), 'there is a report')
    const worktrees = new GitHistory(bench.path('linux')).git('worktree', 'list').split('\n')
    assert.equal(worktrees.length, 1)
    const places = bench.path('cache/hil/bisect')
    for (const place of existsSync(places) ? readdirSync(places) : [])
      assert.ok(!existsSync(`${places}/${place}/tree`), 'there is a work tree')
  }

  for (const [what, words, said] of cases) {
    it(`says so of ${what}, and leaves nothing behind`, async () => {
      const { exitCode, stdout, stderr } = await bisect(
        words,
        what.startsWith('a spec') ? 'no.spec.ts' : undefined,
      )
      assert.match(stderr, said)
      assert.equal(exitCode, 2, stdout + stderr)
      assertNothingLeft()
    })
  }
})
