import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { debianArm64 } from '../../../scripts/setup/places.mjs'
import { startDeadline } from '../../../src/core/deadline.ts'
import { GitHistory } from '../../support/git-history.ts'
import { untilNoProcess } from '../../support/processes.ts'
import { describeWith } from '../../support/requirements.ts'
import { hilCommand, runHil } from '../../support/run-hil.ts'
import { disagreements, makeBisectionBench, type BisectionBench } from './bisection-bench.ts'

const { kernel, busybox } = debianArm64()

/** The power switch of one refuses once in each run; the console of the other is dead as soon as a kernel speaks. */
const environment = `
boards:
  shaky:
    architecture: arm64
    compatible: linux,dummy-virt
    machine:
      driver: simulator-qemu
      stock: { kernel: "${kernel}" }
      faults: [{ name: power, how: refuses, action: on, times: 1 }]
    bootloader: barebox
    boot: { source: virtioblk0 }
  dead:
    architecture: arm64
    compatible: linux,dummy-virt
    machine:
      driver: simulator-qemu
      stock: { kernel: "${kernel}" }
      faults: [{ name: disconnect, at: kernel }]
    bootloader: barebox
    boot: { source: virtioblk0 }
`

const spec = `
import { useBoard } from 'hil'

describe('the system', () => {
  const board = useBoard({ state: 'shell' })
  it('runs its service', async () => {
    await board.shell.runOk('sh /usr/bin/service')
  })
})
`

/** Sources of an initramfs, of which one commit makes the kernel panic, and another fails in its own way. */
function history(directory: string): { readonly culprit: string; readonly first: string } {
  const git = new GitHistory(directory)
  // No two are the same kernel, of which one would stand for the other.
  const commit = (subject: string, service?: string) =>
    git.commit(subject, {
      [`root/usr/share/${subject.replaceAll(' ', '-')}`]: subject,
      ...(service === undefined ? {} : { 'root/usr/bin/service': `#!/bin/sh\n${service}\n` }),
    })
  const first = commit('Begin', 'exit 0')
  for (const subject of ['One', 'Two']) commit(subject)
  commit('Fail otherwise', 'exit 7')
  commit('Mend that', 'exit 0')
  for (const subject of ['Three', 'Four']) commit(subject)
  const culprit = commit('Reset the board by the service', 'echo c > /proc/sysrq-trigger')
  for (const subject of ['Five', 'Six', 'Seven', 'Eight']) commit(subject)
  return { culprit, first }
}

describeWith(['qemu'], 'hil bisect on boards that are not well', function () {
  this.timeout(15 * 60_000)
  let bench: BisectionBench
  before(async () => {
    bench = await makeBisectionBench({ 'env.yaml': environment, 'system.spec.ts': spec })
  })
  after(() => bench[Symbol.asyncDispose]())

  it('names the commit, though one board is taken out, and hil is killed in the middle', async () => {
    using t = startDeadline(14 * 60_000, 'the bisection')
    const repository = bench.path('rootfs')
    const { culprit, first } = history(repository)
    const [node, ...hil] = hilCommand
    const killed = spawn(
      node,
      [
        ...[...hil, 'bisect', 'system.spec.ts', '--env', 'env.yaml', '--repository', repository],
        ...['--good', first, '--bad', 'main', '--build', 'test -d root', '--checks', '1'],
        ...['--kernel', kernel, '--busybox', busybox, '--files', `${repository}/root`],
      ],
      {
        cwd: bench.directory,
        env: { ...process.env, ...bench.env, HIL_HISTORY: 'off' },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    const gone = once(killed, 'exit')
    const said: string[] = []
    killed.stderr.on('data', (bytes: Buffer) => said.push(bytes.toString()))
    for await (const line of createInterface({ input: killed.stdout })) {
      said.push(line)
      if (/^probe \d+: .* search/.test(line)) break
    }
    killed.kill('SIGKILL')
    assert.deepEqual(await gone, [null, 'SIGKILL'], said.join('\n'))
    await untilNoProcess(bench.directory, t)
    const before = (await bench.record()).probes.length

    const { exitCode, stdout, stderr } = await runHil(['bisect', 'resume'], {
      cwd: bench.directory,
      env: bench.env,
    })
    assert.equal(exitCode, 0, `${said.join('\n')}\n${stdout}${stderr}`)
    const record = await bench.record()
    assert.match(stdout, new RegExp(`^resumed.*${before} `, 'm'))
    assert.deepEqual(record.conclusion?.commits, [culprit])
    assert.deepEqual(disagreements(record), [])
    assert.equal(record.signature?.kind, 'splat')
    assert.match(said.join('\n'), /^board dead: taken out: /m)
    for (const { board, outcome } of record.probes)
      if (board === 'dead') assert.equal(outcome, 'infrastructure')
  })
})
