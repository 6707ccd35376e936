import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { NightPayloads, type NightBuild } from '../../../../src/app/nightly/payloads/night-payloads.ts'
import type { PlannedPayload } from '../../../../src/app/nightly/plan/plan.ts'
import type { BoardSpec } from '../../../../src/environment/environment.ts'
import { noPayload } from '../../../../src/environment/payload-settings.ts'
import { fakeKernelTree } from '../../../support/bisect/fake-kernel-tree.ts'
import { useCacheHome } from '../../../support/cache-home.ts'
import { FakeBoard, fakeEnvironment } from '../../../support/fake-board.ts'
import { GitHistory } from '../../../support/git-history.ts'
import { describeWith } from '../../../support/requirements.ts'
import { runTool, useScratch } from '../../codecs/oracle.ts'

const never = new AbortController().signal
const imageOf = (code: string) => `${String(fakeKernelTree('')['image.base'])}${code}`

describeWith(['git'], 'the payloads of a night', function () {
  this.timeout(60_000)
  const scratch = useScratch()
  useCacheHome(() => join(scratch(), 'cache'))
  const [one = assert.fail(), other = assert.fail()] = fakeEnvironment({
    ...{ one: new FakeBoard(), other: new FakeBoard() },
  }).boards
  const boards: readonly BoardSpec[] = [one, { ...one, name: 'twin' }]

  function payload(parts: Partial<PlannedPayload>): PlannedPayload {
    return { name: 'p', priority: 0, bootargs: [], settings: noPayload, source: undefined, ...parts }
  }

  async function write(name: string, content: string): Promise<string> {
    const file = join(scratch(), name)
    await mkdir(dirname(file), { recursive: true })
    writeFileSync(file, content, 'latin1')
    return file
  }

  /** As a night does it. @param pinned a commit */
  async function build(given: PlannedPayload, wanted: readonly BoardSpec[], pinned?: string) {
    const payloads = new NightPayloads(join(scratch(), 'night'), scratch())
    try {
      return await payloads.build(given, wanted, pinned, never)
    } finally {
      await payloads.close()
    }
  }

  async function built(given: PlannedPayload, wanted: readonly BoardSpec[] = boards, pinned?: string) {
    const made = await build(given, wanted, pinned)
    assert.ok('boots' in made, JSON.stringify(made))
    return made
  }

  function directoryOf({ boots }: NightBuild, board: string): string {
    const job = boots(board)
    assert.ok(job.kind === 'directory')
    return job.directory
  }

  it('are what a board has itself, where nothing is said', async () => {
    const made = await built(payload({ bootargs: ['quiet'] }))
    assert.deepEqual(made.boots('one'), { kind: 'environment', bootargs: ['quiet'] })
    assert.equal(made.facts.identity, undefined)
  })

  it('are packed once for boards that are alike, and are the same the next night', async () => {
    const kernel = await write('Image', imageOf('one'))
    const plain = payload({ settings: { ...noPayload, kernel } })
    const first = await built(plain)
    const directory = directoryOf(first, 'one')
    assert.equal(directoryOf(first, 'twin'), directory)
    const again = await built(plain)
    assert.deepEqual([again.facts.identity, directoryOf(again, 'one')], [first.facts.identity, directory])
    await write('Image', imageOf('two'))
    assert.notEqual((await built(plain)).facts.identity, first.facts.identity, 'another kernel')
    const quiet = await built(payload({ settings: { ...noPayload, kernel }, bootargs: ['quiet'] }))
    assert.notEqual(directoryOf(quiet, 'one'), directory)
  })

  it('are directories that somebody has packed', async () => {
    const kernel = await write('Image', imageOf('one'))
    const packed = directoryOf(await built(payload({ settings: { ...noPayload, kernel } })), 'one')
    const made = await built(payload({ settings: { ...noPayload, directory: packed } }))
    assert.equal(directoryOf(made, 'twin'), packed)
    assert.match(made.facts.identity ?? '', /^[0-9a-f]{12}$/)
  })

  it('are Debian packages', async () => {
    await write('package/boot/vmlinuz-6.1.0-test', imageOf('one'))
    const control = 'Package: linux-test\nVersion: 1\nArchitecture: all\nMaintainer: x\nDescription: x\n'
    await write('package/DEBIAN/control', control)
    const deb = join(scratch(), 'linux-test.deb')
    runTool('dpkg-deb', ['--build', join(scratch(), 'package'), deb])
    const made = await built(payload({ settings: { ...noPayload, debian: [deb] } }))
    const image = readFileSync(join(directoryOf(made, 'one'), 'vmlinuz-6.1.0-test'), 'latin1')
    assert.match(image, /one$/)
    assert.equal(directoryOf(made, 'twin'), directoryOf(made, 'one'))
  })

  it('are branches that a command builds: once for all boards, and never again for the same code', async () => {
    const history = new GitHistory(join(scratch(), 'linux'))
    const first = history.commit('first', { ...fakeKernelTree('one'), '.gitignore': 'out\n' })
    const command = `echo built >> ${join(scratch(), 'count')}; mkdir -p out; cat image.base code > out/Image`
    const branch = payload({
      settings: { ...noPayload, kernel: join(history.directory, 'out/Image') },
      source: { repository: history.directory, branch: 'main', config: undefined, build: command },
    })
    const builds = () => readFileSync(join(scratch(), 'count'), 'utf8').split('\n').length - 1
    const all = [...boards, other]
    const made = await built(branch, all)
    assert.equal(builds(), 1)
    assert.deepEqual([made.facts.commit?.id, made.facts.commit?.subject], [first, 'first'])
    for (const { name } of all)
      assert.match(readFileSync(join(directoryOf(made, name), 'Image'), 'latin1'), /one$/)
    assert.equal(directoryOf(made, 'twin'), directoryOf(made, 'one'))

    const again = await built(branch, all)
    assert.deepEqual([builds(), again.facts.isCached], [1, true])
    assert.equal(again.facts.identity, made.facts.identity)

    const second = history.commit('second', { code: 'two' })
    const two = await built(branch, all)
    assert.deepEqual([builds(), two.facts.commit?.id], [2, second])
    assert.notEqual(two.facts.identity, made.facts.identity)
    const pinned = await built(branch, all, first)
    assert.deepEqual([pinned.facts.commit?.id, pinned.facts.identity], [first, made.facts.identity])
    assert.equal(history.git('worktree', 'list').split('\n').length, 1, 'no work tree is left')
  })

  it('are nobody’s where a branch does not build: its commit and the reason are told', async () => {
    const history = new GitHistory(join(scratch(), 'linux'))
    const id = history.commit('broken', { code: 'x' })
    const source = { repository: history.directory, branch: 'main', config: undefined }
    const settings = { ...noPayload, kernel: join(history.directory, 'out/Image') }
    const made = await build(
      payload({ settings, source: { ...source, build: 'echo it is red; exit 3' } }),
      boards,
    )
    assert.ok('obstacle' in made)
    assert.match(made.obstacle, /failed with status 3: it is red$/)
    assert.equal(made.facts.commit?.id, id)
    assert.match(readFileSync(join(scratch(), 'night/builds/p.log'), 'utf8'), /it is red/)
  })
})
