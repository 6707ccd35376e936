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

/**
 * A board whose clock counts instructions (4 ns each), and goes on at once to the next timer when it has nothing to do.
 * So its boot takes the same on any machine however busy that is, and nobody waits for what only sleeps.
 */
const environment = ubootEnvironment('{}', ['-icount', 'shift=2,sleep=off'])

/** Userspace is there after four seconds of the board's clock. */
const limitSeconds = 60
const delaySeconds = 600

const spec = `
import assert from 'node:assert/strict'
import { useBoard } from 'hil'

describe('the system', () => {
  const board = useBoard({ state: 'shell' })
  it('is up in time', async () => {
    const { stdout } = await board.shell.runOk('cat /run/up')
    assert.ok(Number(stdout) > 0, stdout)
    assert.ok(Number(stdout) < ${limitSeconds}, 'the services came up too late')
  })
})
`

/** Its services are started before the shell is, and leave the time that the board's clock tells then. */
const inittab = '::sysinit:/etc/rcS\n::sysinit:/bin/sh /etc/services\n::respawn:/bin/cttyhack /bin/sh -l\n'
const services = (wait: string) => `${wait}cut -d ' ' -f 1 /proc/uptime >/run/up\n`

/** Sources of an initramfs, of which one commit waits in vain, and all others change something else. */
function history(directory: string): { readonly culprit: string; readonly first: string } {
  const git = new GitHistory(directory)
  const commit = (subject: string, files: Readonly<Record<string, string>> = {}) =>
    git.commit(subject, { [`root/usr/share/${subject.replaceAll(' ', '-')}`]: subject, ...files })
  const first = commit('Begin', { 'root/etc/inittab': inittab, 'root/etc/services': services('') })
  for (const subject of ['One', 'Two', 'Three', 'Four', 'Five']) commit(subject)
  const wait = services(`sleep ${delaySeconds}\n`)
  const culprit = commit('Wait for the network before all else', { 'root/etc/services': wait })
  for (const subject of ['Six', 'Seven', 'Eight']) commit(subject)
  return { culprit, first }
}

describeWith(['qemu'], 'hil bisect of a boot that became slow', function () {
  this.timeout(15 * 60_000)
  let bench: BisectionBench
  before(async () => {
    bench = await makeBisectionBench({ 'env.yaml': environment, 'boot.spec.ts': spec })
  })
  after(() => bench[Symbol.asyncDispose]())

  it('names the commit after which userspace comes much later, by the clock of the board', async () => {
    const repository = bench.path('rootfs')
    const { culprit, first } = history(repository)
    const { exitCode, stdout, stderr } = await runHil(
      [
        ...['bisect', 'boot.spec.ts', '--env', 'env.yaml', '--repository', repository],
        ...['--good', first, '--bad', 'main', '--build', 'test -d root', '--checks', '1'],
        ...['--kernel', kernel, '--busybox', busybox, '--files', join(repository, 'root')],
      ],
      { cwd: bench.directory, env: bench.env },
    )
    assert.equal(exitCode, 0, `${stdout}${stderr}`)
    const record = await bench.record()
    assert.deepEqual(record.conclusion?.commits, [culprit])
    assert.deepEqual(disagreements(record), [])
    assert.equal(record.signature?.kind, 'test')
    assert.match(record.signature.message, /the services came up too late/)
    assert.match(
      stdout,
      /^bisect: 9 commits .*\nestimate: 4 rounds if all goes well, \d+ runs and \d+ builds; how long .*\n/,
    )
    assert.match(stdout, /^estimate: 4 rounds .*, (?:about|less than a) /m)
  })
})
