import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRange, type RangeOptions } from '../../../../../src/app/bisect/git/commit-range.ts'
import { resolveEnds, type TypedEnds } from '../../../../../src/app/bisect/git/ends.ts'
import { isNewEnough, parseGitVersion } from '../../../../../src/app/commits/git/git-version.ts'
import { openRepository } from '../../../../../src/app/commits/git/repository.ts'
import { resolveCommit } from '../../../../../src/app/commits/git/revisions.ts'
import { resolveSkipped } from '../../../../../src/app/bisect/git/skipped-commits.ts'
import { describeUncommitted, parseStatus } from '../../../../../src/app/bisect/git/uncommitted-changes.ts'
import { CommitGraph } from '../../../../../src/bisect/search/commit-graph.ts'
import { startDeadline, type Deadline } from '../../../../../src/core/deadline.ts'
import { HilError } from '../../../../../src/core/errors.ts'
import { GitHistory } from '../../../../support/git-history.ts'
import { describeWith } from '../../../../support/requirements.ts'
import { useScratch } from '../../../codecs/oracle.ts'

const regression = { change: 'regression', terms: { old: 'good', new: 'bad' } } as const
const fix = { change: 'fix', terms: { old: 'broken', new: 'fixed' } } as const
const all: RangeOptions = { firstParent: false, paths: [], origins: false }

describeWith(['git'], 'the commits of a bisection', () => {
  const scratch = useScratch()
  let t: Deadline
  let history: GitHistory

  beforeEach(() => {
    t = startDeadline(60_000, 'the test')
    history = new GitHistory(join(scratch(), 'linux'))
  })

  afterEach(() => t[Symbol.dispose]())

  const open = () => openRepository(history.directory, t)

  async function range(
    earlier: string | readonly string[],
    later: string,
    options: Partial<RangeOptions> = {},
  ) {
    const repository = await open()
    const typed: TypedEnds = { ...regression, earlier: [earlier].flat(), later }
    return readRange(repository, await resolveEnds(repository, typed), { ...all, ...options })
  }

  async function refusal(work: Promise<unknown>): Promise<HilError> {
    const error = await work.then(
      () => assert.fail('it was not refused'),
      (reason: unknown) => reason,
    )
    assert.ok(error instanceof HilError, String(error))
    assert.equal(error.blame, 'environment')
    return error
  }

  describe('of a range', () => {
    it('are those after the earlier end, parents before children, with the trees that they have', async () => {
      const [one = '', two = '', three = ''] = history.commits('one', 'two', 'three')
      const { commits, earlierEnds, excluded, trees, parentsOf } = await range(one, 'HEAD')
      assert.deepEqual(
        commits.map(({ id, parents }) => [id, ...parents]),
        [
          [two, one],
          [three, two],
        ],
      )
      assert.deepEqual(earlierEnds, [one])
      assert.equal(excluded.size, 0)
      for (const commit of [one, two, three]) {
        assert.equal(trees.get(commit), history.git('rev-parse', `${commit}^{tree}`))
      }
      assert.deepEqual(await parentsOf(two), [one])
      assert.deepEqual(await parentsOf(one), [])
    })

    it('have what was merged, also where branches were merged into each other and back', async () => {
      const [base = '', left = ''] = history.commits('base', 'left')
      history.checkout(base)
      const [right = ''] = history.commits('right')
      const rightMerge = history.merge(left)
      history.checkout(left)
      const leftMerge = history.merge(right)
      const last = history.merge(rightMerge)
      const { commits } = await range(base, 'HEAD')
      assert.deepEqual(
        new Set(commits.map(({ id }) => id)),
        new Set([left, right, leftMerge, rightMerge, last]),
      )
      assert.equal(commits.at(-1)?.id, last)
      // It refuses children that come before their parents.
      assert.equal(new CommitGraph(commits).size, 5)
    })

    it('have with --first-parent a merge in the place of what was merged', async () => {
      const [base = '', own = ''] = history.commits('base', 'own')
      history.checkout(base)
      const [merged = ''] = history.commits('merged')
      history.checkout(own)
      const merge = history.merge(merged)
      const { commits, parentsOf } = await range(base, merge, { firstParent: true })
      assert.deepEqual(
        commits.map(({ id, parents }) => [id, ...parents]),
        [
          [own, base],
          [merge, own],
        ],
      )
      assert.deepEqual(await parentsOf(merge), [own])
      const whole = await range(base, merge)
      assert.deepEqual(await whole.parentsOf(merge), [own, merged])
    })

    it('have with --paths only those that touch them, and the later end, which then can not be it', async () => {
      const [base = '', touching = ''] = [
        history.commit('base', { 'net/a': '0', 'fs/b': '0' }),
        history.commit('first', { 'net/a': '1' }),
      ]
      history.commit('other', { 'fs/b': '1' })
      const again = history.commit('second', { 'net/a': '2' })
      const last = history.commit('last', { 'fs/b': '2' })
      const limited = await range(base, last, { paths: ['net'] })
      assert.deepEqual(
        limited.commits.map(({ id, parents }) => [id, ...parents]),
        [
          [touching, base],
          [again, touching],
          [last, again],
        ],
      )
      assert.deepEqual([...limited.excluded], [last])
      const whole = await range(base, again, { paths: ['net'] })
      assert.equal(whole.commits.at(-1)?.id, again)
      assert.equal(whole.excluded.size, 0)
    })

    it('have for a fix where branches began that do not contain the broken end, also with --paths', async () => {
      const old = history.commit('old', { 'net/a': '0', 'fs/b': '0' })
      const broken = history.commit('broken', { 'net/a': '1' })
      const main = history.commit('main', { 'net/a': '2' })
      history.checkout(old)
      const side = history.commit('side', { 'net/c': '0' })
      const other = history.commit('other', { 'fs/b': '1' })
      const merge = history.merge(main)
      const repository = await open()
      const ends = await resolveEnds(repository, { ...fix, earlier: [broken], later: merge })
      const { origins } = await readRange(repository, ends, { ...all, origins: true })
      assert.deepEqual(
        origins,
        new Map([
          [side, old],
          [other, old],
        ]),
      )
      const limited = await readRange(repository, ends, { ...all, paths: ['net'], origins: true })
      assert.deepEqual(limited.origins, new Map([[side, old]]))
    })

    it('are refused where no commit touches the paths, and where there are no such paths', async () => {
      const base = history.commit('base', { 'net/a': '0', 'fs/b': '0' })
      history.commit('other', { 'fs/b': '1' })
      assert.match(
        (await refusal(range(base, 'HEAD', { paths: ['net'] }))).message,
        /touches net \(--paths\)/,
      )
      const { message, code } = await refusal(range(base, 'HEAD', { paths: ['fs', 'nett'].slice(1) }))
      assert.equal(code, 'bisect.no-commits')
      assert.match(message, /has no nett \(--paths\) at either end/)
    })

    it('are read in the directory that was named, below the top of the repository', async () => {
      const base = history.commit('base', { 'linux/net/a': '0', 'net/a': '0' })
      history.commit('outside', { 'net/a': '1' })
      const inside = history.commit('inside', { 'linux/net/a': '1' })
      const repository = await openRepository(join(history.directory, 'linux'), t)
      assert.equal(repository.prefix, 'linux/')
      const ends = await resolveEnds(repository, { ...regression, earlier: [base], later: 'HEAD' })
      const { commits } = await readRange(repository, ends, {
        firstParent: false,
        paths: ['net'],
        origins: false,
      })
      assert.deepEqual(
        commits.map(({ id }) => id),
        [inside],
      )
    })

    it('are twenty thousand in a moment', async function () {
      this.timeout(30_000)
      const last = history.grow(20_001)
      const first = history.git('rev-list', '--max-parents=0', last)
      const startedAt = performance.now()
      const { commits, trees } = await range(first, last)
      const elapsed = performance.now() - startedAt
      assert.equal(commits.length, 20_000)
      assert.equal(trees.size, 20_001)
      assert.equal(new CommitGraph(commits).size, 20_000)
      // A second is what it takes on a loaded machine; one process per commit would take minutes.
      assert.ok(elapsed < 15_000, `${elapsed} ms`)
    })

    it('are described all at once, with the last tag before them', async () => {
      const untagged = history.commit('Start')
      history.commit('one')
      history.tag('v1')
      const subject = 'net: "quotes", 100% \\ umlauts ä'
      const commit = history.commit(subject)
      const { describe } = await range(untagged, commit)
      const [second, first] = await describe([commit, untagged])
      assert.equal(second?.id, commit)
      assert.equal(second?.shortId, commit.slice(0, 12))
      assert.equal(second?.subject, subject)
      assert.equal(second?.author, 'Tester <tester@example.org>')
      assert.match(second?.date ?? '', /^2023-11-\d\dT\d\d:\d\d:\d\d/)
      assert.equal(second?.describe, `v1-1-g${commit.slice(0, 12)}`)
      assert.equal(first?.subject, 'Start')
      assert.deepEqual(first?.parents, [])
      assert.equal(first?.describe, undefined)
      assert.deepEqual(await describe([]), [])
    })
  })

  describe('between two ends', () => {
    it('that are not in one line also need that where they part is as the earlier end', async () => {
      const [base = ''] = history.commits('base')
      const [good = ''] = history.commits('good')
      history.checkout(base)
      const [bad = ''] = history.commits('bad')
      const { earlierEnds, commits } = await range(good, bad)
      assert.deepEqual(earlierEnds, [good, base])
      assert.deepEqual(
        commits.map(({ id }) => id),
        [bad],
      )
    })

    it('may part in several places', async () => {
      history.commits('base')
      const [left = ''] = history.commits('left')
      history.checkout('HEAD~1')
      const [right = ''] = history.commits('right')
      const bad = history.merge(left)
      history.checkout(left)
      const good = history.merge(right)
      history.checkout(bad)
      const later = history.commit('later')
      const { earlierEnds, commits } = await range(good, later)
      assert.deepEqual(new Set(earlierEnds), new Set([good, left, right]))
      assert.deepEqual(
        commits.map(({ id }) => id),
        [bad, later],
      )
    })

    it('may have several earlier ones', async () => {
      const [base = ''] = history.commits('base')
      const [one = ''] = history.commits('one')
      history.checkout(base)
      const [two = ''] = history.commits('two')
      const merge = history.merge(one)
      const { earlierEnds, commits } = await range([one, two], merge)
      assert.deepEqual(earlierEnds, [one, two])
      assert.deepEqual(
        commits.map(({ id }) => id),
        [merge],
      )
    })

    it('are refused when the ends are the same, by whatever name', async () => {
      const commit = history.commit('one')
      history.tag('v1')
      const same = await refusal(range('v1', 'v1'))
      assert.equal(same.code, 'bisect.same-ends')
      assert.equal(same.message, '"v1" (good) and "v1" (bad) are the same: there is nothing between them')
      assert.match(
        (await refusal(range('v1', commit))).message,
        new RegExp(`are the same commit, ${commit.slice(0, 12)}: there is nothing`),
      )
    })

    it('are refused when the bad one is an ancestor of the good one', async () => {
      history.commit('one')
      history.tag('v1')
      history.commit('two')
      history.tag('v2')
      const { code, message } = await refusal(range('v2', 'v1'))
      assert.equal(code, 'bisect.swapped-ends')
      assert.equal(
        message,
        '"v1" (bad) is an ancestor of "v2" (good): did you swap them, or look for a fix (--fixed)?',
      )
      const repository = await open()
      const forFix = await refusal(resolveEnds(repository, { ...fix, earlier: ['v2'], later: 'v1' }))
      assert.match(
        forFix.message,
        /"v1" \(fixed\) is an ancestor of "v2" \(broken\): .* \(without --fixed\)\?$/,
      )
    })

    it('are refused when nothing leads from one to the other', async () => {
      const one = history.commit('one')
      history.git('checkout', '--quiet', '--orphan', 'other')
      const other = history.commit('other')
      const { code, message } = await refusal(range(one, other))
      assert.equal(code, 'bisect.unrelated-ends')
      assert.match(message, /have no commit in common: nothing leads from one to the other$/)
    })

    it('are refused where the history of a clone is cut off, with how to get the rest', async () => {
      history.commits('one', 'two', 'three')
      const [first = ''] = history.git('rev-list', '--reverse', 'HEAD').split('\n')
      const clone = join(scratch(), 'clone')
      history.git('clone', '--quiet', '--depth=2', `file://${history.directory}`, clone)
      const repository = await openRepository(clone, t)
      const missing = await refusal(resolveCommit(repository, first))
      assert.equal(missing.code, 'commits.unknown-revision')
      assert.match(missing.message, /git fetch --unshallow --tags/)

      history.git('-C', clone, 'fetch', '--quiet', '--depth=1', 'origin', first)
      const apart = await refusal(resolveEnds(repository, { ...regression, earlier: [first], later: 'HEAD' }))
      assert.match(
        apart.message,
        /have no commit in common: the history of this clone is cut off: .*unshallow/,
      )
    })

    it('are refused where a branch between them is cut off, though one leads to the other', async () => {
      const [base = ''] = history.commits('base')
      const [own = ''] = history.commits('own')
      history.checkout(base)
      const side = history.commits('side1', 'side2', 'side3').at(-1) ?? ''
      history.checkout(own)
      const merge = history.merge(side)
      history.git('branch', '--force', 'main', merge)
      const clone = join(scratch(), 'clone')
      history.git('clone', '--quiet', '--depth=3', `file://${history.directory}`, clone)
      const repository = await openRepository(clone, t)
      const ends = await resolveEnds(repository, { ...regression, earlier: [own], later: merge })
      const { code, message } = await refusal(readRange(repository, ends, all))
      assert.equal(code, 'bisect.history-cut-off')
      assert.match(message, /cut off between the two ends, at [0-9a-f]{12}: .*unshallow/)
    })
  })

  describe('of a name', () => {
    it('are found by tag, branch, distance and the beginning of their id', async () => {
      const [first = '', last = ''] = history.commits('one', 'two')
      history.tag('v1')
      const repository = await open()
      for (const name of ['v1', 'main', 'HEAD', 'main~0', last.slice(0, 8)]) {
        assert.equal(await resolveCommit(repository, name), last)
      }
      assert.equal(await resolveCommit(repository, 'v1^'), first)
    })

    it('are guessed among tags and branches when there is none', async () => {
      history.commit('one')
      for (const name of ['v6.17', 'v6.18', 'v5.4']) history.tag(name)
      const repository = await open()
      const { code, message } = await refusal(resolveCommit(repository, 'v6.71'))
      assert.equal(code, 'commits.unknown-revision')
      assert.match(message, /^"v6.71" is no revision: there is no such commit in .*; did you mean "v6.17"\?$/)
      assert.match((await refusal(resolveCommit(repository, 'mian'))).message, /did you mean "main"\?$/)
      assert.doesNotMatch((await refusal(resolveCommit(repository, 'zzzzzzzz'))).message, /did you mean/)
    })

    it('are never taken from an option, a file, or nothing', async () => {
      history.commit('one')
      const repository = await open()
      const [blob = ''] = history.git('rev-parse', 'HEAD:one').split('\n')
      assert.match((await refusal(resolveCommit(repository, '--all'))).message, /"--all" is no revision/)
      assert.match((await refusal(resolveCommit(repository, ''))).message, /"" is no revision/)
      assert.match((await refusal(resolveCommit(repository, blob))).message, /but no commit$/)
      assert.match((await refusal(resolveCommit(repository, 'HEAD:one'))).message, /but no commit$/)
    })

    it('are skipped one by one or as a range, which begins after its first commit', async () => {
      const [one = '', two = '', three = '', four = ''] = history.commits('one', 'two', 'three', 'four')
      const repository = await open()
      assert.deepEqual(
        await resolveSkipped(repository, [`${one}..${three}`, 'HEAD']),
        new Set([three, two, four]),
      )
      assert.match((await refusal(resolveSkipped(repository, [`${three}..${one}`]))).message, /swap its ends/)
      assert.match((await refusal(resolveSkipped(repository, [`${one}...${two}`]))).message, /two dots/)
    })
  })

  describe('in the work tree of a person', () => {
    it('are not all there is: what is not committed is told', async () => {
      history.commit('one', { a: '0', b: '0', c: '0', d: '0' })
      const repository = await open()
      assert.equal(await describeUncommitted(repository), undefined)
      history.write({ a: '1', b: '1', c: '1', d: '1', build: 'x' })
      assert.equal(
        await describeUncommitted(repository),
        `${repository.directory} has changes that are not committed in a, b, c and 1 more, and files that git does not know (build): commits are built without them`,
      )
    })

    it('are read from what git prints, renames included', () => {
      assert.deepEqual(parseStatus('R  new name\0old name\0 M changed\0?? unknown\0'), {
        changed: ['new name', 'changed'],
        untracked: ['unknown'],
      })
    })

    it('are all there is in a bare repository', async () => {
      history.commits('one', 'two')
      const bare = join(scratch(), 'bare')
      history.git('clone', '--quiet', '--bare', history.directory, bare)
      const repository = await openRepository(bare, t)
      assert.equal(await describeUncommitted(repository), undefined)
      const ends = await resolveEnds(repository, { ...regression, earlier: ['main~1'], later: 'main' })
      assert.equal((await readRange(repository, ends, all)).commits.length, 1)
    })
  })

  describe('need git', () => {
    it('in a repository', async () => {
      const plain = join(scratch(), 'plain')
      mkdirSync(plain)
      const { code, message } = await refusal(openRepository(plain, t))
      assert.equal(code, 'commits.no-repository')
      assert.match(message, /plain has no commits to build: it is in no git repository/)
      assert.match(
        (await refusal(openRepository(join(plain, 'x'), t))).message,
        /there is no such directory$/,
      )
    })

    it('that is not too old, and is there', async () => {
      const path = process.env['PATH']
      const programs = join(scratch(), 'bin')
      mkdirSync(programs)
      try {
        process.env['PATH'] = programs
        assert.equal((await refusal(open())).code, 'git.missing')
        writeFileSync(join(programs, 'git'), '#!/bin/sh\necho git version 1.8.3.1\n')
        chmodSync(join(programs, 'git'), 0o755)
        const { code, message } = await refusal(open())
        assert.equal(code, 'git.too-old')
        assert.match(
          message,
          /bin\/git is too old: it says "git version 1.8.3.1", and 2.17 or newer is needed/,
        )
      } finally {
        process.env['PATH'] = path
      }
    })

    it('of a version that is read from what it prints', () => {
      assert.deepEqual(parseGitVersion('git version 2.39.5 (Apple Git-154)'), [2, 39])
      assert.equal(parseGitVersion('not git'), undefined)
      assert.deepEqual(
        [
          [1, 99],
          [2, 16],
          [2, 17],
          [3, 0],
        ].map(([a = 0, b = 0]) => isNewEnough([a, b])),
        [...[false, false, true, true]],
      )
    })

    it('that says the same whoever runs it, and looks into no other repository', async () => {
      history.commits('one', 'two')
      const other = new GitHistory(join(scratch(), 'other'))
      other.commit('other')
      history.git('config', 'color.ui', 'always')
      history.git('config', 'log.showSignature', 'true')
      history.git('config', 'core.pager', 'false')
      const before = process.env['GIT_DIR']
      process.env['GIT_DIR'] = join(other.directory, '.git')
      try {
        const { commits } = await range('main~1', 'main')
        assert.deepEqual(
          commits.map(({ id }) => id),
          [history.git('--git-dir=.git', 'rev-parse', 'main')],
        )
      } finally {
        if (before === undefined) delete process.env['GIT_DIR']
        else process.env['GIT_DIR'] = before
      }
    })
  })
})
