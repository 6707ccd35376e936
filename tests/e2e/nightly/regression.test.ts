import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { debianArm64 } from '../../../scripts/setup/places.mjs'
import type { NightRecord } from '../../../src/core/night-record.ts'
import { GitHistory } from '../../support/git-history.ts'
import { useLabDirectory } from '../../support/lab-directory.ts'
import { itWith } from '../../support/requirements.ts'
import { makeBench, shellSpec, type Bench } from '../../support/simulated-bench.ts'
import { describeSqlite } from '../../support/sqlite-driver.ts'

const { kernel, busybox } = debianArm64()

const environment = `
boards:
  virt:
    architecture: arm64
    compatible: linux,dummy-virt
    machine: { driver: simulator-qemu, stock: { kernel: "${kernel}" } }
    bootloader: barebox
    boot: { source: virtioblk0 }
    timeouts: { states: { bootloader: 5min, linux: 5min, shell: 5min }, command: 5min }
`

const plan = `
environment: lab
payloads:
  branch:
    repository: rootfs
    branch: main
    build: test -d root
    kernel: ${kernel}
    busybox: ${busybox}
    files: rootfs/root
specs: { service: service.spec.ts }
health: false
bisect: { time: 30min, builds: 10, power-cycles: 40 }
`

describeSqlite('a branch of which every night boots the newest commit', () => {
  useLabDirectory()

  itWith(
    ['qemu'],
    'is left out while nothing changes, and bisected by the night itself when a commit has broken it',
    async function (this: Mocha.Context) {
      this.timeout(20 * 60_000)
      await using bench = await makeBench({
        ...{ 'env/lab.yaml': environment, 'plan.yaml': plan },
        'service.spec.ts': shellSpec(
          "it('runs its service', () => board.shell.runOk('sh /usr/bin/service'))",
        ),
      })
      const history = new GitHistory(bench.path('rootfs'))
      const commit = (subject: string, service?: string) =>
        history.commit(subject, {
          // No two are the same system, of which one would stand for the other.
          [`root/usr/share/${subject.replaceAll(' ', '-')}`]: subject,
          ...(service !== undefined && { 'root/usr/bin/service': service }),
        })
      const env = { HIL_HISTORY: '', XDG_CACHE_HOME: bench.path('cache') }
      const night = async () => {
        const result = await bench.hil(['nightly', 'plan.yaml', '--changed-since-last-good'], env)
        const text = result.stdout + result.stderr
        return { ...lastNight(bench), exitCode: result.exitCode, text }
      }

      const good = commit('Begin', 'exit 0')
      const first = await night()
      assert.equal(first.exitCode, 0, first.text)
      assert.deepEqual(outcomes(first.record), ['passed'])

      const same = await night()
      assert.equal(same.exitCode, 0, same.text)
      assert.deepEqual(outcomes(same.record), ['skipped'])
      assert.match(same.record.cells[0]?.why ?? '', /has passed all of this before.*nothing has changed/)

      commit('Tidy up')
      const culprit = commit('Let the service fail', 'exit 7')
      const bad = commit('Say more')
      const broken = await night()
      assert.equal(broken.exitCode, 1, broken.text)
      assert.deepEqual(outcomes(broken.record), ['test-failed'])
      const [bisection] = broken.record.bisections
      assert.deepEqual(
        [bisection?.cell, bisection?.good, bisection?.bad, bisection?.culprit],
        ['virt/branch/service', good, bad, 'Let the service fail'],
        broken.text,
      )
      assert.match(broken.text, new RegExp(`^bisect virt/branch/service: .*${culprit.slice(0, 12)}`, 'm'))
      const place = join(bisection?.directory ?? 'none', 'report.html')
      assert.ok(existsSync(join(broken.directory, place)), place)
      const overview = readFileSync(join(broken.directory, 'report.html'), 'utf8')
      assert.ok(overview.includes(`href="${place}"`), overview)

      const pruned = await bench.hil(['report', 'prune', '--keep', '1s'])
      assert.equal(pruned.stdout.match(/^deleted /gm)?.length, 3, pruned.stdout + pruned.stderr)
      assert.deepEqual(readdirSync(bench.path('reports')), ['.history'])
    },
  )
})

function lastNight(bench: Bench): { readonly directory: string; readonly record: NightRecord } {
  const names = readdirSync(bench.path('reports')).filter((name) => name.includes('nightly'))
  const directory = bench.path(join('reports', names.sort().at(-1) ?? ''))
  return { directory, record: JSON.parse(readFileSync(join(directory, 'night.json'), 'utf8')) as NightRecord }
}

function outcomes({ cells }: NightRecord) {
  return cells.map(({ outcome }) => outcome)
}
