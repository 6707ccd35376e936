import assert from 'node:assert/strict'
import type { CommandResult } from '../../../src/board/command-runner.ts'
import type { Commands } from '../../../src/session/spec/board.ts'
import { linuxOn } from '../../../src/session/spec/linux-on.ts'
import { startDeadline } from '../../../src/core/deadline.ts'
import { runOkBy } from '../../../src/session/spec/run-ok.ts'
import { localShell } from '../../support/local-shell.ts'

/** Commands that say what is written here. */
function saying(answers: Readonly<Record<string, string>>): Commands {
  return commandsBy((command) => {
    const [, stdout] =
      Object.entries(answers).find(([start]) => command.startsWith(start)) ?? assert.fail(command)
    return Promise.resolve({ exitCode: 0, stdout })
  })
}

function commandsBy(
  answer: (command: string) => Promise<Pick<CommandResult, 'exitCode' | 'stdout'>>,
): Commands {
  const run = async (command: string) => ({
    command,
    kernelLines: [],
    durationMs: 0,
    ...(await answer(command)),
  })
  return { run, runOk: runOkBy(run) }
}

describe('What a running Linux says of itself', () => {
  const here = commandsBy(async (command) => {
    using t = startDeadline(30_000, command)
    return await localShell().run(command, t)
  })

  it('is how a unit of systemd does', async () => {
    const shown = `Id=app.service
Description=The app = what is tested
LoadState=loaded
ActiveState=failed
SubState=failed
Result=exit-code
ExecMainCode=1
ExecMainStatus=3
MainPID=0
NRestarts=5
`
    assert.deepEqual(await linuxOn(saying({ 'systemctl --no-pager show': shown })).unit('app.service'), {
      name: 'app.service',
      description: 'The app = what is tested',
      load: 'loaded',
      active: 'failed',
      sub: 'failed',
      result: 'exit-code',
      exitCode: 3,
      signal: undefined,
      pid: undefined,
      restarts: 5,
    })
  })

  it('is what ended the main process of a unit: itself, a signal, or nothing yet', async () => {
    const ends = [
      ['ExecMainCode=1\nExecMainStatus=0\n', { exitCode: 0, signal: undefined }],
      ['ExecMainCode=2\nExecMainStatus=9\n', { exitCode: undefined, signal: 'SIGKILL' }],
      ['ExecMainCode=3\nExecMainStatus=11\n', { exitCode: undefined, signal: 'SIGSEGV' }],
      ['ExecMainCode=0\nExecMainStatus=0\n', { exitCode: undefined, signal: undefined }],
      ['', { exitCode: undefined, signal: undefined }],
    ] as const
    for (const [shown, end] of ends) {
      const system = linuxOn(saying({ 'systemctl --no-pager show': shown }))
      const { exitCode, signal } = await system.unit('app.service')
      assert.deepEqual({ exitCode, signal }, end)
    }
  })

  it('is when all of systemd was started, and what has failed', async () => {
    const system = linuxOn(
      saying({
        'systemctl --no-pager is-system-running --wait': 'degraded\n',
        'systemctl --no-pager list-units':
          'app.service loaded failed failed The app\ndev-sdb.mount not-found failed failed x\n',
      }),
    )
    assert.deepEqual(await system.started(), {
      state: 'degraded',
      failedUnits: ['app.service', 'dev-sdb.mount'],
    })
  })

  it('is that it has no systemd, in a sentence', async () => {
    const without = commandsBy(() => Promise.resolve({ exitCode: 127, stdout: 'sh: systemctl: not found\n' }))
    await assert.rejects(linuxOn(without).unit('app.service'), {
      code: 'linux.no-systemd',
      blame: 'test',
      message: /systemctl: not found$/,
    })
    await assert.rejects(linuxOn(without).unit("a'; reboot"), { code: 'linux.unit-name' })
  })

  it('is its log by level, also where a message has several lines or a caller', async () => {
    const log =
      '<5>[    0.000000] Linux version 6.12\n<4>[    1.500000][  T1] odd\nsecond line\n<30>[    2.0] init: up\n'
    const system = linuxOn(saying({ 'dmesg -r': log }))
    assert.deepEqual(await system.kernelLog({ atLeast: 'warning' }), [
      { level: 'warning', facility: 0, seconds: 1.5, text: 'odd\nsecond line' },
    ])
    assert.deepEqual(
      (await system.kernelLog()).map(({ level, facility }) => `${level} ${facility}`),
      ['notice 0', 'warning 0', 'info 3'],
    )
  })

  it('is which interfaces it has, by iproute2', async () => {
    const lo = (await linuxOn(here).interfaces()).find(({ name }) => name === 'lo')
    assert.ok(lo?.isUp)
    assert.equal(lo.mac, undefined)
    assert.ok(lo.addresses.some(({ address, prefix }) => address === '127.0.0.1' && prefix === 8))
  })

  it('is what its clock says, beside that of this machine', async () => {
    const { date, aheadMs, uptimeMs } = await linuxOn(here).clock()
    assert.ok(Math.abs(date.getTime() - Date.now()) < 60_000)
    assert.ok(Math.abs(aheadMs) < 30_000)
    assert.ok(uptimeMs > 0)
  })
})
