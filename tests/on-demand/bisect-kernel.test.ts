import assert from 'node:assert/strict'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheDirectory, debianArm64, linuxSource } from '../../scripts/setup/places.mjs'
import { disagreements, makeBisectionBench, type BisectionBench } from '../e2e/bisect/bisection-bench.ts'
import { makeKernelHistory, type KernelHistory } from '../support/kernel-history/kernel-history.ts'
import { describeWith } from '../support/requirements.ts'
import { runHil } from '../support/run-hil.ts'
import { configureSmallKernel } from '../support/small-kernel.ts'

/**
 * How often the history is bisected, each time with other ends and other boots on which the console is dead; or which
 * of these times, as `11-20`: what takes hours can be parted.
 */
const [firstSeed = 1, lastSeed = firstSeed] = seedsOf(process.env['HIL_BISECT_SEEDS'] ?? '20')

/** A directory that gets the report of the first bisection, which is of the whole history. */
const keptReport = process.env['HIL_BISECT_REPORT']

const boards = ['left', 'middle', 'right']

const spec = `
import { useBoard } from 'hil'

describe('the kernel', () => {
  const board = useBoard({ state: 'shell' })
  it('boots to a shell', () => board.shell.runOk('true'))
})
`

/** A kernel that boots does so in a second or two, but not where a compiler has all cores. */
const environment = `
boards:
${boards
  .map(
    (board) => `  ${board}:
    architecture: arm64
    compatible: linux,dummy-virt
    machine:
      driver: qemu
      binary: ./qemu-${board}
      firmware: /usr/lib/u-boot/qemu_arm64/u-boot.bin
      memory: 256
      arguments: ['-smp', '2']
    bootloader: uboot
    timeouts: { states: { bootloader: 30s, shell: 40s } }
`,
  )
  .join('')}`

/**
 * QEMU, of which one start in ten leaves the CPU stopped: that board says nothing, as if its cable were pulled. Which
 * ones, seed and number of the start decide.
 */
function qemuWithDeadConsoles(board: string, seed: number, directory: string): string {
  const count = join(directory, `starts-${board}`)
  return `#!/bin/sh
case "$*" in *-version*) exec qemu-system-aarch64 "$@" ;; esac
echo >> ${count}
draw=$(printf '%s' "${board} ${seed} $(wc -l < ${count})" | md5sum | tr -dc 0-9 | tail -c 1)
[ "$draw" = 0 ] && exec qemu-system-aarch64 "$@" -S
exec qemu-system-aarch64 "$@"
`
}

describeWith(['qemu', 'linux-source'], 'hil bisect on a history of the Linux kernel', function () {
  // The first kernel is built whole, and each commit that is tried for the first time.
  this.timeout(3 * 3600_000)
  let history: KernelHistory
  let config = ''
  const met = { dead: 0, unbuildable: 0, panics: 0 }

  before(async () => {
    const place = join(cacheDirectory(), 'kernel-history')
    await mkdir(place, { recursive: true })
    history = makeKernelHistory(linuxSource(), join(place, 'linux'))
    config = await configureSmallKernel(history.directory, join(place, 'configured'))
  })

  it('is one of 64 commits at least', () => {
    assert.ok(history.commits.length >= 64, `${history.commits.length}`)
  })

  for (let seed = firstSeed; seed <= lastSeed; seed++) {
    it(`names the commit after which it hangs without a word, though consoles are dead (seed ${seed})`, async () => {
      await using bench = await makeBisectionBench({ 'env.yaml': environment, 'boot.spec.ts': spec })
      for (const board of boards) {
        const file = bench.path(`qemu-${board}`)
        await writeFile(file, qemuWithDeadConsoles(board, seed, bench.directory))
        await chmod(file, 0o755)
      }
      const { good, bad } = endsOf(history, seed)
      const { exitCode, stdout, stderr } = await runHil(
        [
          ...['bisect', 'boot.spec.ts', '--env', 'env.yaml', '--kernel-tree', history.directory],
          ...['--config', config, '--good', good, '--bad', bad],
          ...['--busybox', debianArm64().busybox],
        ],
        // What was built for one seed is there for the next.
        { cwd: bench.directory, env: { TMPDIR: bench.directory, GIT_CONFIG_GLOBAL: '/dev/null' } },
      )
      assert.equal(exitCode, 0, `${stdout}${stderr}`)
      const record = await bench.record()
      assert.equal(record.conclusion?.kind, 'found')
      assert.deepEqual(record.conclusion.commits, [history.culprit])
      assert.deepEqual(disagreements(record), [])
      assert.equal(record.signature?.kind, 'boot')
      met.dead += record.probes.filter(({ outcome }) => outcome === 'infrastructure').length
      met.unbuildable += record.builds.filter(({ obstacle }) => obstacle?.includes('async.c')).length
      met.panics += record.probes.filter(
        ({ outcome, why }) => outcome === 'other' && why.includes('panic'),
      ).length
      if (seed === 1 && keptReport !== undefined) await keepReport(bench, keptReport)
    })
  }
})

function seedsOf(text: string): readonly number[] {
  return (text.includes('-') ? text : `1-${text}`).split('-').map(Number)
}

/**
 * The first time the whole history, then parts of it, of which every second one has the kernels that panic in its middle.
 * What was built of one part is mostly what another needs.
 */
function endsOf(
  { base, commits, panicking }: KernelHistory,
  seed: number,
): { readonly good: string; readonly bad: string } {
  const at = (index: number) => commits[index] ?? base
  const middle = commits.indexOf(panicking)
  if (seed % 2 === 0) return { good: at(middle - 12 - (seed % 4)), bad: at(middle + 14 + (seed % 3)) }
  const [after, before] = [Math.floor(seed / 2) % 4, Math.floor(seed / 8) % 4]
  return { good: at(4 * after - 1), bad: at(commits.length - 1 - 4 * before) }
}

/** What is small of a report, without the paths of this machine. */
async function keepReport(bench: BisectionBench, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  for (const name of ['report.html', 'mail.txt', 'bisect.json']) {
    const text = (await bench.report(name))
      .replaceAll(bench.directory, '~/bench')
      .replaceAll(cacheDirectory(), '~/.cache/hil')
    await writeFile(join(directory, name), text)
  }
}
