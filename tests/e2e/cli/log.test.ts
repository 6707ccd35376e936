import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import type { KernelLog } from '../../../src/kernel/read-kernel-log.ts'
import { runHil } from '../../support/run-hil.ts'

const logs = fileURLToPath(new URL('../../fixtures/kernel-log/', import.meta.url))

const read = (file: string, ...options: readonly string[]) => runHil(['log', `${logs}${file}`, ...options])

describe('hil log', () => {
  it('tells the stages of a clean boot, and exits with 0', async () => {
    const { exitCode, stdout } = await read('clean-boot.log')
    assert.equal(exitCode, 0)
    assert.match(stdout, /^stages\n.* kernel .*Booting Linux.*\n.* initramfs .*Run \/init/)
    assert.doesNotMatch(stdout, /findings/)
  })

  it('tells a panic with its line and its time, and exits with 1', async () => {
    const { exitCode, stdout } = await read('panic-no-root.log')
    assert.equal(exitCode, 1)
    assert.match(stdout, /fatal +line 219 +6\.463242 {2}kernel panic: VFS: Unable to mount root fs/)
    assert.doesNotMatch(stdout, /Call trace/)
  })

  it('reads a log from stdin', async () => {
    const { exitCode, stdout } = await runHil(['log', '-'], { inputFile: `${logs}panic-no-root.log` })
    assert.match(stdout, /fatal +line 219 +6\.463242 {2}kernel panic: VFS: Unable to mount root fs/)
    assert.equal(exitCode, 1)
  })

  it('prints the report where it is asked to', async () => {
    const { stdout } = await read('panic-no-root.log', '--full')
    assert.match(stdout, /^ {6}Kernel panic - not syncing: VFS: Unable to mount root fs/m)
  })

  it('tells KTAP results, of which one that failed is bad', async () => {
    const { exitCode, stdout } = await read('clean-kselftest.log')
    assert.equal(exitCode, 1)
    assert.match(stdout, /passed +selftests: hil: one\n +failed +selftests: hil: two/)
  })

  it('gives it all as JSON', async () => {
    const { stdout } = await read('hung-task.log', '--format', 'json')
    const { findings } = JSON.parse(stdout) as KernelLog
    assert.deepEqual(
      findings.map(({ level, title }) => [level, title]),
      [['error', 'INFO: task hung in mnt_want_write']],
    )
  })

  it('says that there is no such log', async () => {
    const { exitCode, stderr } = await read('nosuch.log')
    assert.equal(exitCode, 2)
    assert.match(stderr, /can't read the log ".*nosuch\.log": no such file or directory$/m)
  })
})
