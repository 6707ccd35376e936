import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { switchOn } from '../../../../src/board/cycle-power.ts'
import type { PowerSwitch } from '../../../../src/board/power-switch.ts'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import { commandPower } from '../../../../src/drivers/power/command.ts'
import { createTestContext, type TestContext } from '../../../support/driver-context.ts'
import { findProcesses, untilNoProcess } from '../../../support/processes.ts'

describe('Power by commands', () => {
  let context: TestContext
  let t: Deadline

  beforeEach(async () => {
    t = startDeadline(10_000, 'test')
    context = await createTestContext({ secret: () => Promise.resolve('s3cret') })
  })

  afterEach(async () => {
    await context.release()
    t[Symbol.dispose]()
  })

  const open = (options: object): Promise<PowerSwitch> =>
    commandPower.open(commandPower.schema.parse({ on: 'true', off: 'true', ...options }), context, t)

  it('is not believed when the read-back disagrees', async () => {
    const liar = await open({ status: 'exit 1' })
    await assert.rejects(switchOn(liar, t), { code: 'power.disagrees', blame: 'infrastructure' })
  })

  it('quotes what a command that failed said', async () => {
    const power = await open({ on: 'echo no reply from 10.0.0.7 >&2; exit 4' })
    await assert.rejects(power.on(t), {
      code: 'power.command-failed',
      blame: 'infrastructure',
      message:
        'the power command "echo no reply from 10.0.0.7 >&2; exit 4" failed (exit code 4): no reply from 10.0.0.7',
    })
  })

  it('blames the environment for a program that is not there', async () => {
    for (const on of ['no-such-program -o 3', ['no-such-program', '-o', '3']]) {
      const power = await open({ on })
      await assert.rejects(power.on(t), {
        code: 'power.no-program',
        blame: 'environment',
        message: /^the power command "no-such-program -o 3" failed \(exit code 127\): .*not found/,
      })
    }
    const power = await open({ directory: '/nonexistent' })
    await assert.rejects(power.on(t), { code: 'power.no-program', message: /\/nonexistent/ })
  })

  it('ends a command that hangs, with all it has started, and says for how long it was given', async () => {
    const power = await open({ off: 'echo busy >&2; sleep 72.1; true', timeout: '1.5s' })
    await assert.rejects(power.off(t), {
      code: 'power.timeout',
      blame: 'infrastructure',
      message:
        /^the power command "echo busy.* took longer than 1.5 s \(test 10 s > .* 1.5 s\); its stderr: busy$/,
    })
    await untilNoProcess('sleep 72.1', t)
  })

  it('ends the command when the run is cancelled', async () => {
    const cancel = new AbortController()
    using run = startDeadline(10_000, 'run', { signal: cancel.signal })
    const power = await open({ on: 'sleep 72.2; true' })
    const failed = assert.rejects(power.on(run), { message: 'interrupted' })
    while ((await findProcesses('sleep 72.2')).length === 0) t.throwIfOver()
    cancel.abort(new Error('interrupted'))
    await failed
    await untilNoProcess('sleep 72.2', t)
  })

  it('does not wait for what a command leaves running', async () => {
    const pidFile = join(context.temporaryDirectory, 'pid')
    const power = await open({ on: `sleep 72.3 & echo $! > ${pidFile}`, off: `kill $(cat ${pidFile})` })
    await power.on(t)
    assert.equal((await findProcesses('sleep 72.3')).length, 1)
    await power.off(t)
    await untilNoProcess('sleep 72.3', t)
  })

  it('gives the commands their variables, secrets included, and their directory', async () => {
    const environment = { HOST: 'pdu1', TOKEN: { env: 'PDU_TOKEN' } }
    const on = 'test "$HOST $TOKEN $PWD" = "pdu1 s3cret /usr"'
    await (await open({ on, environment, directory: '/usr' })).on(t)
  })

  it('takes no other exit status than 0 and 1 for a state', async () => {
    const power = await open({ status: 'echo unreachable >&2; exit 2' })
    await assert.rejects(power.state(t), {
      code: 'power.command-failed',
      message: /exit code 2\): unreachable/,
    })
  })

  it('does not know a state that is neither on nor off, or both', async () => {
    for (const printed of ['standby', 'on off']) {
      const power = await open({ status: { command: `echo ${printed}`, on: 'on', off: 'off' } })
      assert.equal(await power.state(t), 'unknown')
    }
    assert.match(context.logged.join('\n'), /standby/)
  })

  it('leaves no files behind', async () => {
    const power = await open({ status: 'true' })
    await power.on(t)
    await power.state(t)
    assert.deepEqual(await readdir(context.temporaryDirectory), [])
  })

  it('refuses a pattern that is none when the environment is read', () => {
    const status = { command: 'true', on: '(', off: 'off' }
    const { error } = commandPower.schema.safeParse({ on: 'a', off: 'b', status })
    assert.match(JSON.stringify(error?.issues), /no regular expression/)
  })

  it('takes boards with the same command for boards on the same outlet', () => {
    const resources = (on: string | string[]) =>
      commandPower.resources(commandPower.schema.parse({ on, off: 'x' }))
    assert.deepEqual(resources('pdu on 3'), resources('pdu on 3'))
    assert.notDeepEqual(resources('pdu on 3'), resources('pdu on 4'))
  })
})
