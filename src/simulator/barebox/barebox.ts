import type { Handover, Hardware } from '../hardware.ts'
import { autoboot } from './autoboot.ts'
import { banner } from './banner.ts'
import { commands } from './commands/index.ts'
import { BareboxConsole } from './console.ts'
import { BareboxFiles } from './files.ts'
import { interactiveShell, runCommandLine } from './shell.ts'
import { BareboxVariables } from './variables.ts'
import { startWatchdog } from './watchdog.ts'

/** barebox while it runs. */
export interface Barebox {
  readonly hardware: Hardware
  readonly console: BareboxConsole
  readonly files: BareboxFiles
  readonly variables: BareboxVariables
  /** The working directory. */
  directory: string
  /** The status of the last command, for prompts that show it. */
  readonly startKernel: (handover: Handover) => Promise<never>
  print(text: string): Promise<void> | undefined
  /** A message of a log level with its colour and name; without colour the name is missing too. */
  log(level: 'error' | 'warning' | 'notice', text: string): Promise<void> | undefined
}

/** Runs barebox from its banner on. Never returns: it ends in a kernel or with the board's life. */
export async function startBarebox(hardware: Hardware, startKernel: Barebox['startKernel']): Promise<never> {
  const console = new BareboxConsole(hardware)
  const variables = new BareboxVariables(hardware)
  const barebox: Barebox = {
    hardware,
    console,
    variables,
    files: new BareboxFiles(hardware),
    directory: '/',
    startKernel,
    print: (text) => console.print(text),
    log: (level, text) =>
      console.print(`${variables.global('allow_color') === '1' ? prefixes[level] : ''}${text}\n`),
  }
  startWatchdog(hardware)
  await console.print(banner(hardware))
  await hardware.reach('autoboot')
  const decision = await autoboot(barebox)
  if (decision === 'boot') await runCommandLine(barebox, 'boot')
  if (decision !== 'menu') await interactiveShell(barebox)
  for (;;) await commands['menu']?.(barebox, ['menu'])
}

const prefixes = {
  error: '\x1b[1;31mERROR:\x1b[0m ',
  warning: '\x1b[1;33mWARNING:\x1b[0m ',
  notice: '\x1b[1;34mNOTICE:\x1b[0m ',
} as const
