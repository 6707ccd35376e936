import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunEvent } from '../../../src/core/events.ts'
import { describeWith } from '../../support/requirements.ts'
import { runHil } from '../../support/run-hil.ts'

const environment = fileURLToPath(new URL('../../../env/virt-uboot.yaml', import.meta.url))

const spec = `
import { useBoard } from 'hil'
const board = useBoard({ state: 'shell' })
it('panics', () => board.shell.run('echo c > /proc/sysrq-trigger', { timeout: '1 min' }))
`

/** When words had come whole: they come in any pieces. */
function timeOf(words: string, events: readonly RunEvent[]): number {
  let text = ''
  const last = events.find((event) => {
    if (event.type === 'console-rx') text += event.text ?? ''
    return text.includes(words)
  })
  return last?.t ?? Number.NaN
}

describeWith(['qemu'], 'a real kernel that panics', function () {
  this.timeout('5 min')

  it('ends the run with a verdict of the board within 500 ms', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'hil-panic-'))
    try {
      await writeFile(join(directory, 'panic.spec.ts'), spec)
      const { exitCode, stdout } = await runHil(['run', 'panic.spec.ts', '--env', environment], {
        cwd: directory,
      })
      assert.equal(exitCode, 1, stdout)
      assert.match(stdout, /the kernel of virt panicked: sysrq triggered crash/)
      const events = (await readFile(join(directory, 'reports/latest/events.jsonl'), 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as RunEvent)
      const end = events.find((event) => event.type === 'run-finished')
      assert.equal(end?.verdict, 'board-failed')
      const tookMs = end.t - timeOf('Kernel panic - not syncing', events)
      assert.ok(tookMs < 500, `${tookMs} ms`)
    } finally {
      await rm(directory, { recursive: true })
    }
  })
})
