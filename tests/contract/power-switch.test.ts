import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { qemuMachine } from '../../src/drivers/machine/qemu.ts'
import { commandPower } from '../../src/drivers/power/command.ts'
import { manualPower } from '../../src/drivers/power/manual.ts'
import type { TestContext } from '../support/driver-context.ts'
import { findProcesses } from '../support/processes.ts'
import { describePowerSwitch } from './power-switch-contract.ts'

/** An outlet is a file that says "on" or "off". */
const outletOf = ({ temporaryDirectory }: TestContext) => join(temporaryDirectory, 'outlet')

const isOutletOn = async (context: TestContext) =>
  (await readFile(outletOf(context), 'utf8').catch(() => 'off')).trim() === 'on'

describePowerSwitch({
  name: 'command, without status',
  readsBack: false,
  create: (context, t) => {
    const on = `echo on > ${outletOf(context)}`
    const off = ['sh', '-c', `echo off > ${outletOf(context)}`]
    return commandPower.open(commandPower.schema.parse({ on, off }), context, t)
  },
  hasPower: isOutletOn,
})

describePowerSwitch({
  name: 'command, status by exit code',
  readsBack: true,
  create: async (context, t) => {
    const outlet = outletOf(context)
    await writeFile(outlet, 'off')
    const options = {
      on: `echo on > ${outlet}`,
      off: `echo off > ${outlet}`,
      status: `grep -q on ${outlet}`,
    }
    return commandPower.open(commandPower.schema.parse(options), context, t)
  },
  hasPower: isOutletOn,
})

describePowerSwitch({
  name: 'command, status by what it prints',
  readsBack: true,
  create: async (context, t) => {
    const outlet = outletOf(context)
    await writeFile(outlet, 'off')
    const options = {
      on: `echo on > ${outlet}`,
      off: `echo off > ${outlet}`,
      status: { command: `echo "outlet 3: $(cat ${outlet})"`, on: ': on$', off: ': off$' },
    }
    return commandPower.open(commandPower.schema.parse(options), context, t)
  },
  hasPower: isOutletOn,
})

describePowerSwitch({
  name: 'manual',
  readsBack: false,
  create: (context, t) => {
    const obedient = async (question: string) => {
      await writeFile(outletOf(context), /(on|off)$/.exec(question)?.[0] ?? question)
    }
    return manualPower.open(manualPower.schema.parse({}), { ...context, ask: obedient }, t)
  },
  hasPower: isOutletOn,
})

describePowerSwitch({
  name: 'qemu',
  needs: ['qemu'],
  readsBack: true,
  create: async (context, t) => {
    const firmware = '/usr/lib/u-boot/qemu_arm64/u-boot.bin'
    const machine = await qemuMachine.open(qemuMachine.schema.parse({ firmware, memory: 256 }), context, t)
    return machine.power
  },
  hasPower: async ({ temporaryDirectory }) => (await findProcesses(temporaryDirectory)).length > 0,
})
