import assert from 'node:assert/strict'
import { dirname } from 'node:path'
import type { Driver } from '../../src/board/driver.ts'
import { startDeadline, type Deadline } from '../../src/core/deadline.ts'
import { gpioPower } from '../../src/drivers/power/gpio.ts'
import { sispmctlPower } from '../../src/drivers/power/sispmctl.ts'
import { uhubctlPower } from '../../src/drivers/power/uhubctl.ts'
import { ykushPower } from '../../src/drivers/power/ykush.ts'
import { createTestContext, type TestContext } from '../support/driver-context.ts'
import * as tools from '../support/power/tools.ts'
import { describePowerSwitch, type PowerSwitchCase } from './power-switch-contract.ts'

const faults: Pick<PowerSwitchCase, 'wrongPassword' | 'hang' | 'lie' | 'fail'> = {
  wrongPassword: { never: 'the device is on this machine' },
  hang: (context) => tools.failTools(context, 'hangs'),
  lie: (context) => tools.failTools(context, 'lies'),
  fail: (context) => tools.failTools(context, 'fails'),
}

for (const [driver, name, script, options, wrongOptions, outlet, code, blame] of [
  [
    ...([uhubctlPower, 'uhubctl', tools.uhubctl] as const),
    { location: '1-1', port: 2 },
    { location: '1-1', port: 5 },
    ...([2, 'power.no-outlet', 'environment'] as const),
  ],
  [
    ...([sispmctlPower, 'sispmctl', tools.sispmctl] as const),
    { outlet: 3, serial: '01:01:4f:09:6b' },
    { outlet: 3, serial: '01:01:4f:09:6c' },
    ...([3, 'tool.failed', 'infrastructure'] as const),
  ],
  [
    ...([ykushPower, 'ykushcmd', tools.ykushcmd] as const),
    { port: 1, serial: 'YK12345' },
    { port: 1, serial: 'YK12346' },
    ...([1, 'tool.failed', 'infrastructure'] as const),
  ],
] as [Driver<'power'>, string, string, object, object, number, string, string][]) {
  const open = async (more: object, context: TestContext, t: Deadline) => {
    const program = await tools.writeTool(context, name, script)
    return driver.open(driver.schema.parse({ program, ...more }), context, t)
  }
  describePowerSwitch({
    name: driver.name,
    readsBack: true,
    create: (context, t) => open(options, context, t),
    hasPower: (context) => tools.isOutletOn(context, outlet),
    wrongOutlet: { create: (context, t) => open(wrongOptions, context, t), code, blame },
    ...faults,
  })
}

for (const version of ['1.6.3', '2.1.1'] as const) {
  const open = async (options: object, context: TestContext, t: Deadline) => {
    const { gpioset, gpioinfo } = tools.gpiod(version)
    await tools.writeTool(context, 'gpioset', gpioset)
    const path = dirname(await tools.writeTool(context, 'gpioinfo', gpioinfo))
    const before = process.env['PATH']
    process.env['PATH'] = `${path}:${before}`
    context.undo.defer('the path', () => (process.env['PATH'] = before))
    return gpioPower.open(gpioPower.schema.parse({ chip: 'gpiochip0', ...options }), context, t)
  }
  describePowerSwitch({
    name: `gpio, libgpiod ${version}`,
    needs: [],
    readsBack: false,
    create: (context, t) => open({ line: 5 }, context, t),
    hasPower: (context) => tools.isOutletOn(context, 5),
    wrongOutlet: { create: (context, t) => open({ line: 9 }, context, t), code: 'power.no-outlet' },
    ...faults,
  })
}

describe('The programs that switch power', () => {
  let context: TestContext
  let t: Deadline
  beforeEach(async () => {
    t = startDeadline(20_000, 'test')
    context = await createTestContext()
  })
  afterEach(async () => {
    await context.release()
    t[Symbol.dispose]()
  })

  it('are named where they are missing, with where to get them', async () => {
    const options = uhubctlPower.schema.parse({ location: '1-1', port: 1, program: 'no-such-uhubctl' })
    const power = await uhubctlPower.open(options, context, t)
    await assert.rejects(power.on(t), {
      code: 'tool.not-installed',
      blame: 'environment',
      message: 'no-such-uhubctl is not installed; the package uhubctl has it',
    })
  })

  it('run on the machine that has the device, through ssh, with every word as it is', async () => {
    const program = await tools.writeTool(context, 'uhubctl', tools.uhubctl)
    // An ssh that runs what a shell at the other end would run.
    const ssh = await tools.writeTool(
      context,
      'ssh',
      'while [ "$1" != -- ]; do shift; done; shift; exec sh -c "$*"\n',
    )
    const before = process.env['PATH']
    process.env['PATH'] = `${dirname(ssh)}:${before}`
    context.undo.defer('the path', () => (process.env['PATH'] = before))
    const options = uhubctlPower.schema.parse({ location: '1-1', port: 4, program, ssh: 'lab@exporter1' })
    const power = await uhubctlPower.open(options, context, t)
    await power.on(t)
    assert.equal(await power.state(t), 'on')
    assert.equal(await tools.isOutletOn(context, 4), true)
    assert.deepEqual(uhubctlPower.resources(options), ['outlet:exporter1/usb/1-1/4'])
  })
})
