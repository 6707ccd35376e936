import type { Options } from 'yargs'
import { defineCommand } from '../command.ts'
import { once } from '../shared-options.ts'

const answer = <Name extends string, Description extends string>(name: Name, description: Description) =>
  ({ type: 'string', requiresArg: true, description, coerce: once(`--${name}`) }) as const satisfies Options

export const init = defineCommand({
  positionals: {
    directory: { type: 'string', default: '.', description: 'Where env/ and tests/ are, or will be' },
  },
  options: {
    board: answer('board', 'Its name in files and reports'),
    architecture: answer('architecture', 'Such as arm64'),
    compatible: answer('compatible', 'The root compatible of its device tree'),
    console: answer('console', 'A serial port, a driver with its options, or the machine of a board in QEMU'),
    baud: answer('baud', 'Rate of the serial port'),
    power: answer('power', 'A driver with its options, or manual'),
    bootloader: answer('bootloader', 'barebox, uboot or none'),
    source: answer('source', 'What barebox boots, such as mmc0'),
    tftp: answer('tftp', 'Interface of this machine that the board is reached by, or none'),
    user: answer('user', 'Who logs in on the console'),
    'password-env': answer('password-env', 'The environment variable that has the password'),
    ssh: answer('ssh', 'yes: hil may log in over SSH, too'),
  },
  examples: [
    ['hil init', 'Ask about a board, and write its environment and a first spec'],
    [
      'hil init --board rock3a --console usb:A50285BI --power "shelly url=http://10.0.0.40" --bootloader barebox',
      'Ask only what is left',
    ],
  ],
  async run({ directory, ...args }) {
    const { initCommand } = await import('../../app/init/init.ts')
    const { board, architecture, compatible, console, baud, power, bootloader, source, tftp } = args
    const named = { board, architecture, compatible, console, baud, power, bootloader, source, tftp }
    const all = { ...named, user: args.user, 'password-env': args.passwordEnv, ssh: args.ssh }
    const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
    return initCommand({ directory, given })
  },
})
