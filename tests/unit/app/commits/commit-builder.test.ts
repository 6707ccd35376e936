import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { readRange } from '../../../../src/app/bisect/git/commit-range.ts'
import { openRepository } from '../../../../src/app/commits/git/repository.ts'
import { commandRecipe } from '../../../../src/app/commits/command-recipe.ts'
import { CommitBuilder } from '../../../../src/app/commits/commit-builder.ts'
import { kernelRecipe } from '../../../../src/app/commits/kernel-recipe.ts'
import { moveSettings, pathMover } from '../../../../src/app/commits/moved-paths.ts'
import type { Recipe } from '../../../../src/app/commits/recipe.ts'
import type { Built } from '../../../../src/app/commits/candidate-builder.ts'
import { Worktree } from '../../../../src/app/commits/worktree/worktree.ts'
import { revertId } from '../../../../src/bisect/search/bisection.ts'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import { HilError } from '../../../../src/core/errors.ts'
import { noPayload } from '../../../../src/environment/payload-settings.ts'
import { fakeConfig, fakeKernelTree } from '../../../support/bisect/fake-kernel-tree.ts'
import { useCacheHome } from '../../../support/cache-home.ts'
import { FakeBoard, fakeEnvironment } from '../../../support/fake-board.ts'
import { GitHistory } from '../../../support/git-history.ts'
import { describeWith } from '../../../support/requirements.ts'
import { runTool, useScratch } from '../../codecs/oracle.ts'

/** Processes of a group; those that have ended and that nobody has asked about are none. */
function livingIn(group: number): readonly string[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return processes.flatMap((name) => {
    try {
      const [, state, , pgrp] = /\) (\S) (\d+) (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? []
      return Number(pgrp) === group && state !== 'Z' ? [name] : []
    } catch {
      return []
    }
  })
}

/** Who was told to end takes a moment. Linux tells nobody, so this one looks again. */
async function untilNoneIn(group: number, t: Deadline): Promise<void> {
  while (livingIn(group).length > 0) await t.race(wait(5))
}

describeWith(['git', 'make'], 'payloads of commits', () => {
  let t: Deadline
  let history: GitHistory
  let builder: CommitBuilder | undefined

  // Before their directories are.
  afterEach(async () => {
    await builder?.close()
    builder = undefined
    t[Symbol.dispose]()
  })

  const scratch = useScratch()
  useCacheHome(() => join(scratch(), 'cache'))

  beforeEach(() => {
    t = startDeadline(60_000, 'the test')
    history = new GitHistory(join(scratch(), 'linux'))
  })

  const log = () => join(scratch(), 'log')
  const [board = assert.fail()] = fakeEnvironment({ one: new FakeBoard() }).boards

  async function open(recipe: Recipe): Promise<CommitBuilder> {
    await builder?.close()
    const repository = await openRepository(history.directory, t)
    const first = history.git('rev-list', '--max-parents=0', 'HEAD')
    const ends = { earlier: [first], mergeBases: [], later: history.head() }
    const range = await readRange(repository, ends, { firstParent: false, paths: [], origins: false })
    builder = new CommitBuilder(await Worktree.open(repository, ends.later), range.trees, recipe, [board])
    return builder
  }

  function built(result: Built) {
    assert.ok('identity' in result, JSON.stringify(result))
    return { ...result, image: readFileSync(join(result.payloadFor(board), 'Image'), 'latin1') }
  }

  function obstacleOf(result: Built): string {
    assert.ok('obstacle' in result)
    return result.obstacle
  }

  const refusal = async (work: Promise<unknown>): Promise<HilError> => {
    const error: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    assert.ok(error instanceof HilError, String(error))
    return error
  }

  describe('by make in a kernel tree', () => {
    const toolchain = { variables: ['ARCH=arm64'], identity: 'gcc 12' }
    const recipe = (config = fakeConfig) =>
      kernelRecipe({
        ...{ config, architecture: 'arm64', toolchain, packs: false, key: {}, bootargs: [], files: [] },
        settings: () => noPayload,
      })

    it('are what make left, are found again, and are the same for the same code', async () => {
      const first = history.commit('first', fakeKernelTree('one'))
      const second = history.commit('second', { code: 'two' })
      const noted = history.commit('noted', { README: 'nothing that is built' })
      const own = await open(recipe())
      assert.equal(own.isCached(second), false)
      const two = built(await own.build(second, log(), t))
      assert.match(two.image, /two/)
      assert.match(two.image, /built at Thu Jan {2}1 00:00:00 UTC 1970 by hil@bisect/)
      assert.match(readFileSync(log(), 'utf8'), /CC {6}main\.o/)
      const one = built(await own.build(first, log(), t))
      assert.notEqual(one.identity, two.identity)
      assert.equal(built(await own.build(noted, log(), t)).identity, two.identity, 'it is the same kernel')
      assert.match(readFileSync(join(two.payloadFor(board), 'Image'), 'latin1'), /two/, 'it stays as it is')

      const later = await open(recipe())
      assert.equal(later.isCached(second), true)
      assert.equal(built(await later.build(second, log(), t)).isCached, true)
      const other = await open(recipe(`${fakeConfig}CONFIG_OTHER=y\n`))
      assert.equal(other.isCached(second), false, 'another configuration makes another kernel')
    })

    it('have all but a commit that is taken back', async () => {
      history.commit('first', fakeKernelTree('one'))
      const culprit = history.commit('culprit', { code: 'two' })
      const head = history.commit('head', { other: 'x' })
      const own = await open(recipe())
      assert.match(built(await own.build(revertId(culprit, head), log(), t)).image, /one/)
      assert.match(built(await own.build(head, log(), t)).image, /two/)
    })

    it('are not there for a commit that does not build: the first error says why', async () => {
      history.commit('first', fakeKernelTree('one'))
      const broken = history.commit('broken', { code: 'broken' })
      const own = await open(recipe())
      assert.match(
        obstacleOf(await own.build(broken, log(), t)),
        /^it does not build .*: code:3:5: error: unknown type name 'broken'$/,
      )
      assert.equal(own.isCached(broken), false)
    })

    it('are nobody’s fault but the machine’s where the disk is full or a program is missing', async () => {
      history.commit('first', fakeKernelTree('one'))
      const full = history.commit('full', { code: 'full' })
      const lack = history.commit('lack', { code: 'lack' })
      const own = await open(recipe())
      const noRoom = await refusal(own.build(full, log(), t))
      assert.deepEqual([noRoom.code, noRoom.blame], ['commits.disk-full', 'infrastructure'])
      const noLog = await refusal(own.build(full, '/dev/full', t))
      assert.deepEqual([noLog.code, noLog.blame], ['commits.disk-full', 'infrastructure'], 'in words of Node')
      const noProgram = await refusal(own.build(lack, log(), t))
      assert.deepEqual([noProgram.code, noProgram.blame], ['commits.build-tool', 'environment'])
      assert.match(noProgram.message, /the build needs bc, which is not on this machine/)
    })

    it('come with what the configuration lost on the way', async () => {
      const first = history.commit('first', fakeKernelTree('one'))
      history.commit('second', { code: 'two' })
      const own = await open(recipe(`${fakeConfig}CONFIG_LATER=y\nCONFIG_CC_HAS_X=y\n`))
      const { notes } = built(await own.build(first, log(), t))
      assert.deepEqual(notes, ['the pinned configuration gives here: LATER off'])
      const again = built(await own.build(first, log(), t))
      assert.deepEqual([again.isCached, again.notes], [true, notes])
    })

    it('never have a device tree that only another commit has', async () => {
      const first = history.commit('first', fakeKernelTree('one'))
      history.commit('second', { code: 'two' })
      const own = await open(recipe())
      built(await own.build(first, log(), t))
      const [place = ''] = history.git('worktree', 'list', '--porcelain').match(/[^ ]*\/tree$/m) ?? []
      const stale = join(place, '../objects/arch/arm64/boot/dts/gone.dtb')
      mkdirSync(join(stale, '..'), { recursive: true })
      writeFileSync(stale, 'x')
      built(await own.build(history.head(), log(), t))
      assert.ok(!existsSync(stale))
    })
  })

  describe('by any command', () => {
    const settings = { ...noPayload, kernel: '' }
    const recipe = (command: string) => {
      const kernel = join(history.directory, 'out/Image')
      return commandRecipe({
        ...{ command, key: {}, bootargs: [], files: [] },
        settings: (_, { tree }) =>
          moveSettings({ ...settings, kernel }, pathMover([history.directory], [tree])),
      })
    }

    it('are made of what it left in the work tree, and never of what lies in the person’s', async () => {
      history.commit('first', { ...fakeKernelTree('one'), '.gitignore': 'out\n' })
      const second = history.commit('second', { code: 'two' })
      history.write({ 'out/Image': 'stale' })
      const own = await open(
        recipe('mkdir -p out && cat image.base code > out/Image && echo $HIL_BISECT_COMMIT'),
      )
      assert.match(built(await own.build(second, log(), t)).image, /two$/)
      assert.match(readFileSync(log(), 'utf8'), new RegExp(second))
      const lazy = await open(recipe('rm -rf out'))
      assert.equal(
        obstacleOf(await lazy.build(second, log(), t)),
        '"rm -rf out" succeeded, but left no out/Image',
      )
    })

    it('are those that it left in HIL_OUTPUT', async () => {
      history.commit('first', fakeKernelTree('one'))
      const second = history.commit('second', { code: 'two' })
      const own = await open(recipe('mkdir -p out && cat image.base code > out/Image'))
      const ready = built(await own.build(second, log(), t)).payloadFor(board)
      const copying = await open(recipe(`cp -r ${ready}/. $HIL_OUTPUT`))
      const result = built(await copying.build(second, log(), t))
      assert.notEqual(result.payloadFor(board), ready)
      assert.match(result.image, /two$/)
    })

    it('are skipped with 125, fail with other codes, and end it where the command can not be run', async () => {
      history.commit('first', fakeKernelTree('one'))
      const second = history.commit('second', { code: 'two' })
      const build = async (command: string) => (await open(recipe(command))).build(second, log(), t)
      assert.equal(obstacleOf(await build('exit 125')), '"exit 125" says to skip it (status 125)')
      assert.match(obstacleOf(await build('echo it is red; exit 3')), /failed with status 3: it is red$/)
      assert.match(obstacleOf(await build('kill -TERM $$')), /failed with SIGTERM/)
      const error = await refusal(build('./build.sh'))
      assert.equal(error.blame, 'environment')
    })

    it('leave nothing running: not what the command started, nor itself when time is up', async () => {
      history.commit('first', fakeKernelTree('one'))
      const second = history.commit('second', { code: 'two' })
      const running = join(scratch(), 'running')
      runTool('mkfifo', [running])
      const own = await open(recipe(`echo $$; sleep 1000 & echo > ${running}; exec sleep 1001`))
      const stop = new AbortController()
      using short = startDeadline(60_000, 'the build', { signal: stop.signal })
      const work = own.build(second, log(), short)
      await Promise.race([readFile(running), work])
      stop.abort(new Error('Ctrl-C'))
      await assert.rejects(work, /Ctrl-C/)
      const group = Number(readFileSync(log(), 'utf8').split('\n').at(-2))
      await untilNoneIn(group, t)
    })
  })
})
