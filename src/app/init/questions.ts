import { networkInterfaces } from 'node:os'
import { usbPrefix } from '../../board/usb-selector.ts'
import { catalogue } from '../catalogue.ts'
import { suggestionsFor, type PluggedIn, type Suggestion } from '../suggest/suggestion.ts'
import { parseDriver } from './driver-text.ts'

/** What is known already, by the names of the questions. */
export type Answers = Readonly<Partial<Record<QuestionName, string>>>

export type QuestionName =
  | 'board'
  | 'architecture'
  | 'compatible'
  | 'console'
  | 'baud'
  | 'power'
  | 'bootloader'
  | 'source'
  | 'tftp'
  | 'user'
  | 'password-env'
  | 'ssh'

/** Something that has to be known of a board. */
export interface Question {
  /** And of the option that answers it. */
  readonly name: QuestionName
  readonly ask: string
  /** Answers to choose from by their number; others may be given all the same. */
  readonly choices?: readonly { readonly answer: string; readonly what: string }[]
  /** What is taken where nothing is said; absent: somebody has to say. */
  readonly usual?: string
  /** Whether it matters, by the answers before. */
  readonly matters?: (answers: Answers) => boolean
  /** @returns a sentence where an answer can't be taken */
  readonly problem: (answer: string) => string | undefined
}

export const nothing = 'none'

/** Everything that can't be found out, in the order of asking. */
export function questionsFor(plugged: PluggedIn): readonly Question[] {
  const suggestions = suggestionsFor(plugged)
  const ports = suggestions.filter(({ key }) => key === 'console')
  const networks = ownNetworks()
  const [onlyPort, ...otherPorts] = ports.map((port) => String(port.options['port']))
  return [
    {
      name: 'board',
      ask: 'What is the board called, in files and reports?',
      problem: (answer) =>
        /^[A-Za-z][\w.-]{0,60}$/.test(answer)
          ? undefined
          : `"${answer}" is no name for a board: a letter, then letters, digits, . _ and -, as in rock3a`,
    },
    {
      name: 'architecture',
      ask: 'Its architecture, as the kernel calls it',
      choices: ['arm64', 'arm', 'riscv64', 'x86_64'].map((answer) => ({ answer, what: '' })),
      usual: 'arm64',
      problem: oneOf(['arm64', 'arm', 'riscv64', 'x86_64', 'i386', 'riscv32', 'mips', 'powerpc']),
    },
    {
      name: 'compatible',
      ask: 'The root "compatible" of its device tree, such as radxa,rock3a (several with spaces; cat /proc/device-tree/compatible)',
      usual: nothing,
      problem: (answer) =>
        answer === nothing || answer.split(/\s+/).every((name) => /^[^\s,]+,\S+$/.test(name))
          ? undefined
          : `"${answer}" is not of the form vendor,board`,
    },
    {
      name: 'console',
      ask: 'Its console: a serial port (a path, or usb:SERIAL), or a driver with its options (rfc2217 host=lab-pi port=4001). Of a board in QEMU the machine, which brings its own (qemu firmware=u-boot.bin)',
      choices: ports.map((port) => ({ answer: String(port.options['port']), what: port.what })),
      ...(onlyPort !== undefined && otherPorts.length === 0 && { usual: onlyPort }),
      problem: (answer) =>
        isMachine(answer)
          ? textOf(parseDriver('machine', answer))
          : textOf(parseDriver('console', consoleText(answer))),
    },
    {
      name: 'baud',
      ask: 'Its rate in baud (hil doctor finds it where it is wrong)',
      usual: '115200',
      matters: ({ console: named = '' }) => isPort(named),
      problem: (answer) => (/^\d{1,8}$/.test(answer) ? undefined : `"${answer}" is no rate in baud`),
    },
    {
      name: 'power',
      ask: 'What switches it: a driver of docs/drivers/power.md with its options (shelly url=http://10.0.0.40), or manual, for you',
      choices: [
        ...suggestions.filter(({ key }) => key === 'power').map(powerChoice),
        { answer: 'manual', what: 'hil asks you to move the switch' },
      ],
      matters: ({ console: named = '' }) => !isMachine(named),
      problem: (answer) => textOf(parseDriver('power', answer)),
    },
    {
      name: 'bootloader',
      ask: 'Its bootloader',
      choices: [
        { answer: 'barebox', what: '' },
        { answer: 'uboot', what: '' },
        { answer: nothing, what: 'it boots by itself, and nobody stops it' },
      ],
      problem: oneOf(['barebox', 'uboot', nothing]),
    },
    {
      name: 'source',
      ask: 'What barebox boots ("boot -l" at its prompt lists them), such as mmc0',
      usual: nothing,
      matters: ({ bootloader }) => bootloader === 'barebox',
      problem: () => undefined,
    },
    {
      name: 'tftp',
      ask: 'The network interface of this machine that the board is reached by: hil serves its files there by TFTP',
      choices: [
        ...networks.map(({ name, address }) => ({ answer: name, what: address })),
        { answer: nothing, what: 'files go over the console' },
      ],
      usual: networks.length === 1 ? (networks[0]?.name ?? nothing) : nothing,
      matters: ({ bootloader, console: named = '' }) => bootloader !== nothing && !isMachine(named),
      problem: oneOf([...networks.map(({ name }) => name), nothing]),
    },
    { name: 'user', ask: 'Who logs in on its console', usual: 'root', problem: () => undefined },
    {
      name: 'password-env',
      ask: 'The environment variable that has the password (the password itself stands in no file)',
      usual: nothing,
      problem: (answer) =>
        answer === nothing || /^[A-Za-z_]\w*$/.test(answer)
          ? undefined
          : `"${answer}" is no name of a variable`,
    },
    {
      name: 'ssh',
      ask: 'Whether hil may log in over SSH, too, at the address that the console tells',
      choices: ['yes', 'no'].map((answer) => ({ answer, what: '' })),
      usual: 'no',
      problem: oneOf(['yes', 'no']),
    },
  ]
}

/** Whether a console is a serial port of this machine, and not a driver with options. */
export function isPort(answer: string): boolean {
  return answer.startsWith('/') || answer.startsWith(usbPrefix)
}

/** Whether what was named as a console is a machine: power switch, console and network in one. */
export function isMachine(answer: string): boolean {
  const [name] = answer.trim().split(/\s/)
  return catalogue.some((driver) => driver.kind === 'machine' && driver.name === name)
}

/** A console as a driver with its options. */
export function consoleText(answer: string, baud?: string): string {
  if (!isPort(answer)) return answer
  return `serial port="${answer}"${baud === undefined ? '' : ` baud=${baud}`}`
}

function oneOf(names: readonly string[]): (answer: string) => string | undefined {
  return (answer) => (names.includes(answer) ? undefined : `"${answer}" is none of ${names.join(', ')}`)
}

function textOf(parsed: unknown): string | undefined {
  return typeof parsed === 'string' ? parsed : undefined
}

function powerChoice({ options: { driver = '', ...options }, what, note }: Suggestion) {
  const words = Object.entries(options).map(([name, value]) => `${name}=${value}`)
  return { answer: [driver, ...words].join(' '), what: note === undefined ? what : `${what}; ${note}` }
}

function ownNetworks(): readonly { readonly name: string; readonly address: string }[] {
  return Object.entries(networkInterfaces()).flatMap(([name, own = []]) => {
    const found = own.find(({ family, internal }) => family === 'IPv4' && !internal)
    return found === undefined ? [] : [{ name, address: found.address }]
  })
}
