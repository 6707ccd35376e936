import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { startDeadline } from '../../../src/core/deadline.ts'
import type { RunEvent } from '../../../src/core/events.ts'
import { waitingFor } from '../../../src/lab/lease/lease-queue.ts'
import { useLabDirectory } from '../../support/lab-directory.ts'
import { findProcesses, untilNoProcess } from '../../support/processes.ts'
import { describeWith } from '../../support/requirements.ts'
import { hilCommand } from '../../support/run-hil.ts'
import { makeBench, type Bench } from '../../support/simulated-bench.ts'

const longMs = 120_000

describeWith(['qemu'], 'A run that is killed while another one waits for its board', function () {
  this.timeout(longMs)
  useLabDirectory()

  it('leaves it to that one at once, which trusts nothing of it, and leaves no QEMU', async () => {
    const rig = randomUUID()
    await using bench = await makeBench({
      'env/virt.yaml': `boards:
  virt:
    architecture: arm64
    machine: { driver: qemu, firmware: /usr/lib/u-boot/qemu_arm64/u-boot.bin, arguments: [-name, '${rig}'] }
    bootloader: uboot
    resources: ['${rig}']
`,
      'first.spec.ts': spec(`it('waits', () => board.bootloader.run('sleep 1000', { timeout: '1h' }))`),
      'second.spec.ts': spec(`it('works', () => board.bootloader.runOk('version'))`),
    })
    using t = startDeadline(longMs, 'test')
    const first = start(bench, 'first.spec.ts')
    await until(first, (event) => event.type === 'console-tx' && event.text?.includes('sleep 1000') === true)
    assert.equal((await findProcesses(rig)).length, 1)

    const second = start(bench, 'second.spec.ts', '--wait', '2m')
    const exited = once(second, 'exit')
    await until(second, (event) => event.type === 'note' && event.message.includes('is in use by'))
    assert.equal((await waitingFor([`named:${rig}`])).length, 1)
    first.kill('SIGKILL')
    const told = await until(
      second,
      (event) => event.type === 'note' && event.message.includes('ended without'),
    )
    assert.match(
      told.type === 'note' ? told.message : '',
      new RegExp(
        `\\(process ${first.pid} on .* first\\.spec\\.ts .*\\) ended without leaving the board as declared`,
      ),
    )
    const entered = await until(second, (event) => event.type === 'state-entered')
    assert.equal(entered.type === 'state-entered' ? entered.to : '', 'off')
    assert.ok((await findProcesses(rig)).length <= 1)
    const finished = await until(second, (event) => event.type === 'run-finished')
    assert.equal(finished.type === 'run-finished' ? finished.verdict : '', 'passed')
    second.stdout.resume()
    assert.deepEqual(await exited, [0, null])
    await untilNoProcess(rig, t)
  })
})

function spec(body: string): string {
  return `import { useBoard } from 'hil'
describe('suite', () => {
  const board = useBoard({ state: 'bootloader' })
  ${body}
})
`
}

function start(bench: Bench, ...words: readonly string[]) {
  const [node, ...args] = hilCommand
  return spawn(node, [...args, 'run', ...words, '--env', 'virt', '--reporter', 'json'], {
    cwd: bench.directory,
    env: { ...process.env, HIL_HISTORY: 'off' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

const lines = new WeakMap<object, AsyncIterableIterator<string>>()

/** Reads on until the event comes. */
async function until(
  { stdout }: ReturnType<typeof start>,
  isIt: (event: RunEvent) => boolean,
): Promise<RunEvent> {
  const reader = lines.get(stdout) ?? createInterface({ input: stdout })[Symbol.asyncIterator]()
  lines.set(stdout, reader)
  for (let next = await reader.next(); next.done !== true; next = await reader.next()) {
    const event = JSON.parse(next.value) as RunEvent
    if (isIt(event)) return event
  }
  return assert.fail('the run ended before')
}
