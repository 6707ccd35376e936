import assert from 'node:assert/strict'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { openRepository } from '../../../../src/app/commits/git/repository.ts'
import { Worktree } from '../../../../src/app/commits/worktree/worktree.ts'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import { useCacheHome } from '../../../support/cache-home.ts'
import { GitHistory } from '../../../support/git-history.ts'
import { describeWith } from '../../../support/requirements.ts'
import { runProgram } from '../../../support/run-program.ts'
import { runTool, useScratch } from '../../codecs/oracle.ts'

describeWith(['git', 'make'], 'the work tree of a bisection', () => {
  let t: Deadline
  let history: GitHistory
  let opened: Worktree[]

  // Before their directories are.
  afterEach(async () => {
    for (const worktree of opened) await worktree.close()
    t[Symbol.dispose]()
  })

  const scratch = useScratch()
  useCacheHome(() => join(scratch(), 'cache'))

  beforeEach(() => {
    t = startDeadline(60_000, 'the test')
    history = new GitHistory(join(scratch(), 'linux'))
    opened = []
  })

  async function open(commit = history.head()): Promise<Worktree> {
    const worktree = await Worktree.open(await openRepository(history.directory, t), commit)
    opened.push(worktree)
    return worktree
  }

  const read = ({ directory }: Worktree, file: string) => readFileSync(join(directory, file), 'utf8')
  const writtenAt = ({ directory }: Worktree, file: string) => statSync(join(directory, file)).mtimeMs
  const trees = () => history.git('worktree', 'list', '--porcelain').match(/^worktree .*/gm)?.length

  it('leaves that of the person alone, whatever is in there, and does not run its hooks', async () => {
    const [first = ''] = history.commits('first', 'second')
    history.write({ first: 'changed', unknown: 'x' })
    const hook = join(history.directory, '.git/hooks/post-checkout')
    writeFileSync(hook, `#!/bin/sh\ntouch ${join(scratch(), 'hook-ran')}\n`)
    chmodSync(hook, 0o755)
    const before = [history.git('status', '--porcelain=v2', '--branch'), history.git('for-each-ref')]
    const worktree = await open()
    assert.equal(read(worktree, 'second'), 'second')
    await worktree.checkout(first)
    assert.equal(read(worktree, 'first'), 'first')
    assert.ok(!existsSync(join(worktree.directory, 'second')))
    await worktree.close()
    assert.deepEqual(
      [history.git('status', '--porcelain=v2', '--branch'), history.git('for-each-ref')],
      before,
    )
    assert.ok(!existsSync(join(scratch(), 'hook-ran')))
  })

  it('is gone when it is closed, for git as well, and may be closed again', async () => {
    history.commits('first')
    const worktree = await open()
    assert.equal(trees(), 2)
    await worktree.close()
    await worktree.close()
    assert.equal(trees(), 1)
    assert.ok(!existsSync(worktree.directory))
    assert.deepEqual(
      readdirSync(join(history.directory, '.git')).filter((name) => name === 'worktrees'),
      [],
    )
  })

  it('keeps trees of the person whose disk is not there just now', async () => {
    history.commits('first')
    const other = join(scratch(), 'other')
    history.git('worktree', 'add', '--quiet', '--detach', other)
    rmSync(other, { recursive: true })
    await (await open()).close()
    assert.equal(trees(), 2)
  })

  it('leaves the times of files alone that a step has not changed', async () => {
    const one = history.commit('one', { same: '0', changes: '0' })
    history.commit('two', { changes: '1' })
    const worktree = await open(one)
    const long = new Date('2020-01-01')
    for (const file of ['same', 'changes']) utimesSync(join(worktree.directory, file), long, long)
    await worktree.checkout('main')
    assert.equal(writtenAt(worktree, 'same'), long.getTime())
    assert.ok(writtenAt(worktree, 'changes') > long.getTime())
  })

  it('is not built again when it was closed and opened, but for what has changed meanwhile', async () => {
    const makefile = 'all: a.o b.o\n%.o: %.c\n\tcp $< $@\nVPATH = $(tree)\n'
    const one = history.commit('one', { 'a.c': 'a0', 'b.c': 'b0', Makefile: makefile })
    const two = history.commit('two', { 'b.c': 'b1' })
    const make = ({ place, directory }: Worktree) => {
      const build = ['-C', place, '-f', join(directory, 'Makefile'), `tree=${directory}`]
      return (
        runTool('make', build)
          .toString()
          .match(/^cp .*/gm) ?? []
      ).map((line) => line.slice(-3))
    }
    const first = await open(one)
    assert.deepEqual(make(first), ['a.o', 'b.o'])
    await first.close()
    const second = await open(two)
    assert.equal(second.directory, first.directory)
    assert.deepEqual(make(second), ['b.o'])
    await second.close()
    const third = await open(two)
    assert.deepEqual(make(third), [])
    // What was built since the times were written down must not make them hold once more.
    await third.checkout(one)
    assert.deepEqual(make(third), ['b.o'])
    rmSync(third.directory, { recursive: true })
    const fourth = await (await third.close(), open(two))
    assert.ok(make(fourth).includes('b.o'))
  })

  it('is taken over from a bisection that was killed, in whatever state it is', async () => {
    const [first = '', second = ''] = history.commits('first', 'second')
    const holder = runProgram('hold-worktree.ts', [history.directory, first])
    const [directory] = (await once(holder.stdout ?? assert.fail(), 'data')) as [Buffer]
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    const left = directory.toString()
    writeFileSync(join(history.directory, '.git/worktrees/tree/index.lock'), '')
    writeFileSync(join(left, 'half-checked-out'), 'x')
    rmSync(join(left, 'first'))
    const worktree = await open(second)
    assert.equal(worktree.directory, left)
    assert.deepEqual(readdirSync(left).sort(), ['.git', 'first', 'second'])
    await worktree.close()
    assert.equal(trees(), 1)
  })

  it('is made anew where the old one is damaged, was never finished, or is of another repository', async () => {
    history.commits('first')
    const damages: readonly ((directory: string) => void)[] = [
      () => writeFileSync(join(history.directory, '.git/worktrees/tree/index'), 'no index'),
      () => writeFileSync(join(history.directory, '.git/worktrees/tree/locked'), 'initializing'),
      (directory) => rmSync(join(directory, '.git')),
      (directory) => rmSync(directory, { recursive: true }),
      () => rmSync(join(history.directory, '.git/worktrees'), { recursive: true }),
    ]
    for (const damage of damages) {
      const holder = runProgram('hold-worktree.ts', [history.directory, history.head()])
      const [directory] = (await once(holder.stdout ?? assert.fail(), 'data')) as [Buffer]
      holder.kill('SIGKILL')
      await once(holder, 'exit')
      damage(directory.toString())
      const worktree = await open()
      assert.equal(read(worktree, 'first'), 'first')
      await worktree.close()
      assert.equal(trees(), 1)
    }
  })

  it('is another one for each of two bisections at once', async () => {
    history.commits('first')
    const [one, two] = [await open(), await open()]
    assert.notEqual(one.directory, two.directory)
    await one.close()
    assert.equal(read(two, 'first'), 'first')
    await two.close()
    assert.equal(trees(), 1)
  })

  it('is removed also when the time of the bisection is over', async () => {
    history.commits('first')
    const stop = new AbortController()
    using short = startDeadline(60_000, 'the bisection', { signal: stop.signal })
    const worktree = await Worktree.open(await openRepository(history.directory, short), 'main')
    stop.abort(new Error('Ctrl-C'))
    await assert.rejects(worktree.checkout('main'), /Ctrl-C/)
    await worktree.close()
    assert.equal(trees(), 1)
  })

  it('leaves nothing behind when the commit can not be checked out', async () => {
    history.commits('first')
    await assert.rejects(open('0123456789012345678901234567890123456789'), /git worktree add/)
    assert.equal(trees(), 1)
    await open()
  })

  it('is removed with all that was built when nobody has bisected for long', async () => {
    history.commits('first')
    const { place } = await open()
    await opened.pop()?.close()
    const long = new Date('2020-01-01')
    utimesSync(place, long, long)
    const other = new GitHistory(join(scratch(), 'other'))
    other.commit('x')
    opened.push(await Worktree.open(await openRepository(other.directory, t), 'main'))
    assert.deepEqual(
      readdirSync(dirname(place)).map((name) => name.split('-')[0]),
      ['other'],
    )
  })

  describe('with a commit taken back', () => {
    it('has all but that, and the next commit has it again', async () => {
      const [, culprit = '', head = ''] = history.commits('first', 'culprit', 'head')
      const worktree = await open()
      assert.equal(await worktree.checkoutRevert(culprit, head), undefined)
      assert.deepEqual(readdirSync(worktree.directory).sort(), ['.git', 'first', 'head'])
      await worktree.checkout(head)
      assert.deepEqual(readdirSync(worktree.directory).sort(), ['.git', 'culprit', 'first', 'head'])
    })

    it('is refused where it does not revert cleanly, with the files in conflict', async () => {
      history.commit('first', { a: '0\n', b: '0\n' })
      const culprit = history.commit('culprit', { a: '1\n', b: '1\n' })
      const head = history.commit('head', { a: '2\n', b: '2\n' })
      const worktree = await open()
      assert.equal(
        await worktree.checkoutRevert(culprit, head),
        `${culprit.slice(0, 12)} on ${head.slice(0, 12)} does not revert cleanly: conflicts in a, b`,
      )
      assert.equal(read(worktree, 'a'), '2\n')
      await worktree.checkout(culprit)
      assert.equal(read(worktree, 'a'), '1\n')
    })

    it('is refused where it was taken back already', async () => {
      history.commit('first', { a: '0\n' })
      const culprit = history.commit('culprit', { a: '1\n' })
      const head = history.commit('taken back', { a: '0\n' })
      const worktree = await open()
      assert.match(
        (await worktree.checkoutRevert(culprit, head)) ?? '',
        /changes nothing: what it did is not there/,
      )
    })

    it('has nothing of what was merged, where the commit is a merge', async () => {
      const [base = '', own = ''] = history.commits('base', 'own')
      history.checkout(base)
      const [side = ''] = history.commits('side')
      history.checkout(own)
      const merge = history.merge(side)
      const worktree = await open(merge)
      assert.equal(await worktree.checkoutRevert(merge, merge), undefined)
      assert.deepEqual(readdirSync(worktree.directory).sort(), ['.git', 'base', 'own'])
    })
  })
})
