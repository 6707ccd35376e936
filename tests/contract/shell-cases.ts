import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { debianArm64 } from '../../scripts/setup/places.mjs'
import { buildBusyboxInitramfs } from '../../src/build/initrd/busybox-initramfs.ts'
import type { Machine } from '../../src/board/machine.ts'
import { qemuMachine } from '../../src/drivers/machine/qemu.ts'
import { simulator } from '../../src/simulator/simulator.ts'
import { openProcess } from '../../src/transports/process.ts'
import { promptModeCannot, type ShellCase } from './shell-contract.ts'

/** A shell of this machine, as a login leaves it on a terminal. */
function local(name: string, argv: readonly string[], program?: string): ShellCase {
  return {
    name: `${name} on a terminal of this machine`,
    needs: [],
    ...(program === undefined ? {} : { options: { program } }),
    open: () =>
      Promise.resolve(
        openProcess({
          argv,
          terminal: 'cooked',
          environment: { PS1: '$ ', ENV: '', TERM: 'vt100', HISTFILE: '' },
        }),
      ),
  }
}

export function inPromptMode(subject: ShellCase): ShellCase {
  return {
    ...subject,
    name: `${subject.name}, typing at its prompt`,
    options: { ...subject.options, mode: 'prompt' },
    cannot: { ...subject.cannot, ...promptModeCannot },
  }
}

export const bash = local('bash', ['bash', '--norc', '--noprofile'])
export const dash = local('dash', ['dash'], 'dash')
export const busybox: ShellCase = {
  ...local('busybox ash', ['busybox', 'sh'], 'busybox sh'),
  needs: ['busybox'],
  cannot: { 'stops a loop of builtins': 'ash 1.35 can deadlock in malloc when Ctrl-C breaks such a loop' },
}

let machine: Machine

export const ashOnQemu: ShellCase = {
  name: 'busybox ash in Linux on QEMU',
  needs: ['qemu'],
  step: 3,
  scale: 0.1,
  cannot: busybox.cannot ?? {},
  async open(context, t) {
    const initrd = join(context.temporaryDirectory, 'initrd.cpio')
    const archive = await buildBusyboxInitramfs(debianArm64().busybox)
    await writeFile(initrd, archive.open())
    const kernel = debianArm64().kernel
    const options = qemuMachine.schema.parse({ kernel, initrd, append: 'console=ttyAMA0', network: false })
    machine = await qemuMachine.open(options, context, t)
    return machine.openConsole
  },
  start: (_context, t) => machine.power.on(t),
}

export function simulated(shell: 'ash' | 'bash' | 'sh'): ShellCase {
  return {
    name: `the simulated ${shell}`,
    needs: [],
    async open(context, t) {
      // In real time: a program that goes on sleeping must not be over before it is given up.
      const options = simulator.schema.parse({ bootloader: 'none', speed: 1, linux: { shell } })
      machine = await simulator.open(options, context, t)
      return machine.openConsole
    },
    start: (_context, t) => machine.power.on(t),
  }
}
