import type { FileTree } from '../files/file-tree.ts'
import type { Handover, Hardware } from '../hardware.ts'
import { autoboot } from './autoboot.ts'
import { banner, driverMessages } from './banner.ts'
import { BareboxConsole } from './console.ts'
import { createDisk } from './files/disk.ts'
import { mountDisk } from './disk-mount.ts'
import { BareboxFiles } from './files/barebox-files.ts'
import { Memory } from './memory.ts'
import { showMenu } from './menu.ts'
import { bringUp, isUp, tftpMount } from './network.ts'
import { saveVariables } from './save-variables.ts'
import { interactiveShell, runCommandLine } from './shell.ts'
import { BareboxVariables } from './variables/barebox-variables.ts'

export type LogLevel = 'error' | 'warning' | 'notice'

/** barebox while it runs. */
export interface Barebox {
  readonly hardware: Hardware
  readonly console: BareboxConsole
  readonly files: BareboxFiles
  readonly variables: BareboxVariables
  readonly memory: Memory
  /** The disk with the stock system. */
  readonly disk: FileTree | undefined
  /** The working directory. */
  directory: string
  /** `bootchooser -s`: from then on the slot booted last gets its attempts back. */
  lastBootGood: boolean
  /** How often `bootm` was called. */
  bootAttempts: number
  readonly print: (text: string) => Promise<void> | undefined
  /** A message of a log level with its colour and name; without colour the name is missing too. */
  log(level: LogLevel, text: string): Promise<void> | undefined
  /** Runs a command line in a shell of its own. @returns its status */
  run(line: string): Promise<number>
  /** Leaves barebox for a kernel. Never returns. */
  startKernel(handover: Handover): Promise<never>
}

/** Runs barebox from its banner on. Never returns: it ends in a kernel or with the board's life. */
export async function startBarebox(hardware: Hardware, startKernel: Barebox['startKernel']): Promise<never> {
  const barebox = createBarebox(hardware, startKernel)
  await barebox.print(banner(hardware))
  // What is typed this early has its turn to arrive.
  await hardware.life.breathe()
  await barebox.print(driverMessages(hardware))
  await hardware.reach('autoboot')
  switch (await autoboot(barebox)) {
    case 'boot':
      await barebox.run('boot')
      await interactiveShell(barebox)
      break
    case 'abort':
    case 'halt':
      await interactiveShell(barebox)
      break
    case 'menu':
      break
  }
  for (;;) await showMenu(barebox)
}

function createBarebox(hardware: Hardware, startKernel: Barebox['startKernel']): Barebox {
  const { options, storage } = hardware
  const console = new BareboxConsole(hardware)
  const variables = new BareboxVariables(hardware)
  const barebox: Barebox = {
    hardware,
    console,
    variables,
    memory: new Memory(),
    files: new BareboxFiles({ disk: options.barebox.disk }),
    disk: options.barebox.disk ? createDisk(options, hardware.stock) : undefined,
    directory: '/',
    lastBootGood: false,
    bootAttempts: 0,
    print: (text) => console.print(text),
    log: (level, text) =>
      console.print(`${variables.global('allow_color') === '1' ? prefixes[level] : ''}${text}\n`),
    run: (line) => runCommandLine(barebox, line),
    startKernel: async (handover) => {
      await saveVariables(barebox)
      return startKernel(handover)
    },
  }
  const color = variables.global('allow_color') === '1'
  variables.export('PS1', color ? '\\e[1;32mbarebox@\\e[1;36m\\h:\\w\\e[0m ' : 'barebox@\\h:\\w ')
  barebox.files.automount('/mnt/tftp', async () => {
    if (!isUp(barebox)) await bringUp(barebox)
    barebox.files.mount(tftpMount(barebox, variables.global('net.server'), 69, '/mnt/tftp'))
  })
  if (barebox.disk !== undefined) {
    barebox.files.automount('/mnt/virtioblk0', async () => {
      await mountDisk(barebox, { quiet: false })
    })
  }
  storage.starts += 1
  return barebox
}

const prefixes: Readonly<Record<LogLevel, string>> = {
  error: '\x1b[1;31mERROR:\x1b[0m ',
  warning: '\x1b[1;33mWARNING:\x1b[0m ',
  notice: '\x1b[1;34mNOTICE:\x1b[0m ',
}
