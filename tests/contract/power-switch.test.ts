import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { qemuMachine } from '../../src/drivers/machine/qemu.ts'
import { commandPower } from '../../src/drivers/power/command.ts'
import { manualPower } from '../../src/drivers/power/manual.ts'
import type { TestContext } from '../support/driver-context.ts'
import { findProcesses } from '../support/processes.ts'
import { describePowerSwitch, type PowerSwitchCase } from './power-switch-contract.ts'

/** An outlet is a file that says "on" or "off". */
const outletOf = ({ temporaryDirectory }: TestContext) => join(temporaryDirectory, 'outlet')

const isOutletOn = async (context: TestContext) =>
  (await readFile(outletOf(context), 'utf8').catch(() => 'off')).trim() === 'on'

/** Commands that do what the file `mode` says. */
const modeOf = ({ temporaryDirectory }: TestContext) => join(temporaryDirectory, 'mode')

function switchCommand(context: TestContext, action: 'on' | 'off'): string {
  const [mode, outlet] = [modeOf(context), outletOf(context)]
  return `case "$(cat ${mode})" in hang) sleep 71.5; true;; fail) echo no reply >&2; exit 4;; lie) ;; *) echo ${action} > ${outlet};; esac`
}

/** The same for a command that tells the state. */
function statusCommand(context: TestContext, status: string): string {
  return `case "$(cat ${modeOf(context)})" in hang) sleep 71.6; true;; *) ${status};; esac`
}

const commandFaults: Pick<PowerSwitchCase, 'wrongOutlet' | 'wrongPassword' | 'hang' | 'lie' | 'fail'> = {
  wrongOutlet: { never: 'outlets are a matter of the commands' },
  wrongPassword: { never: 'passwords are a matter of the commands' },
  hang: (context) => writeFile(modeOf(context), 'hang'),
  lie: (context) => writeFile(modeOf(context), 'lie'),
  fail: (context) => writeFile(modeOf(context), 'fail'),
}

for (const [name, readsBack, status] of [
  ['without status', false, () => undefined],
  ['status by exit code', true, (context) => statusCommand(context, `grep -q on ${outletOf(context)}`)],
  [
    'status by what it prints',
    true,
    (context) => {
      const command = statusCommand(context, `echo "outlet 3: $(cat ${outletOf(context)})"`)
      return { command, on: ': on$', off: ': off$' }
    },
  ],
] as [string, boolean, (context: TestContext) => unknown][]) {
  describePowerSwitch({
    name: `command, ${name}`,
    readsBack,
    create: async (context, t) => {
      await writeFile(outletOf(context), 'off')
      await writeFile(modeOf(context), 'well')
      const options = {
        on: switchCommand(context, 'on'),
        off: ['sh', '-c', switchCommand(context, 'off')],
        ...(readsBack ? { status: status(context) } : {}),
      }
      return commandPower.open(commandPower.schema.parse(options), context, t)
    },
    hasPower: isOutletOn,
    ...commandFaults,
  })
}

describePowerSwitch({
  name: 'manual',
  readsBack: false,
  create: (context, t) => {
    const person = async (question: string) => {
      const mode = await readFile(modeOf(context), 'utf8').catch(() => 'well')
      if (mode === 'hang') await new Promise(() => undefined)
      if (mode !== 'lie') await writeFile(outletOf(context), /(on|off)$/.exec(question)?.[0] ?? question)
    }
    return manualPower.open(manualPower.schema.parse({}), { ...context, ask: person }, t)
  },
  hasPower: isOutletOn,
  wrongOutlet: { never: 'a person finds the plug' },
  wrongPassword: { never: 'a person needs none' },
  hang: (context) => writeFile(modeOf(context), 'hang'),
  lie: (context) => writeFile(modeOf(context), 'lie'),
  fail: { never: 'a person can only press Enter' },
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
  wrongOutlet: { never: 'it is the process that it started' },
  wrongPassword: { never: 'it asks for none' },
  hang: { never: 'what hangs is killed, which is as good as off' },
  lie: { never: 'it is the process that it started' },
  fail: { never: 'it is the process that it started' },
})
