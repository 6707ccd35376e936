import assert from 'node:assert/strict'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { debianArm64, debianArm64Cloud } from '../../../scripts/setup/places.mjs'
import { describeWith } from '../../support/requirements.ts'
import { runHil } from '../../support/run-hil.ts'
import { runTool } from '../../unit/codecs/oracle.ts'
import { makeBisectionBench, ubootEnvironment, type BisectionBench } from './bisection-bench.ts'

const environment = ubootEnvironment(`{ payload: { busybox: "${debianArm64().busybox}" } }`)

const spec = `
import { useBoard } from 'hil'

describe('the input devices', () => {
  const board = useBoard({ state: 'shell' })
  it('have all mice in one', async () => {
    await board.shell.runOk('test -d /sys/class/input/mice')
  })
})
`

describeWith(['qemu', 'cloud-kernel'], 'hil bisect over kernels as Debian packages them', function () {
  this.timeout(10 * 60_000)
  let bench: BisectionBench
  before(async () => {
    bench = await makeBisectionBench({ 'env.yaml': environment, 'input.spec.ts': spec })
    // By their names, 6.1.10 would come first. The cloud kernel is built without CONFIG_INPUT_MOUSEDEV.
    for (const version of ['6.1.8', '6.1.9']) await pack(bench, version, debianArm64().kernel)
    for (const version of ['6.1.10', '6.1.11', '6.1.12'])
      await pack(bench, version, debianArm64Cloud().kernel)
  })
  after(() => bench[Symbol.asyncDispose]())

  it('names the first that fails, and builds nothing', async () => {
    const ends = ['--good', '6.1.8', '--bad', '6.1.12']
    const { exitCode, stdout, stderr } = await runHil(
      ['bisect', 'input.spec.ts', '--env', 'env.yaml', '--payloads', 'kernels', ...ends, '--checks', '1'],
      { cwd: bench.directory, env: bench.env },
    )
    assert.equal(exitCode, 0, `${stdout}${stderr}`)
    const { conclusion, probes, builds } = await bench.record()
    assert.deepEqual(conclusion?.commits, ['linux-image-6.1.10-arm64_6.1.10-1_arm64'])
    assert.ok(probes.every(({ identity }) => identity !== undefined))
    // None can be built without a commit: nobody tried to.
    assert.ok(builds.every(({ commit }) => !commit.startsWith('revert ')))
    assert.match(stdout, /- passes without it, on top of \S+: nothing is built here/)
    // Where nothing was built, no log is named that nobody has written.
    assert.ok(builds.every(({ log }) => log === undefined))
  })
})

/** A package as Debian makes them, with one of its own kernels. */
async function pack(bench: BisectionBench, version: string, kernel: string): Promise<void> {
  const tree = bench.path(`tree-${version}`)
  const image = join(tree, 'boot', `vmlinuz-${version}-arm64`)
  await mkdir(dirname(image), { recursive: true })
  await copyFile(kernel, image)
  await mkdir(join(tree, 'DEBIAN'))
  await writeFile(
    join(tree, 'DEBIAN', 'control'),
    `Package: linux-image-${version}-arm64\nVersion: ${version}-1\nArchitecture: arm64\nMaintainer: nobody <nobody@localhost>\nDescription: a kernel\n`,
  )
  await mkdir(bench.path('kernels'), { recursive: true })
  const file = bench.path(`kernels/linux-image-${version}-arm64_${version}-1_arm64.deb`)
  runTool('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z1', '--build', tree, file])
}
