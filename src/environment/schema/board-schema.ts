import { z } from 'zod'
import type { DriverKind } from '../../board/driver.ts'
import { driverSections, duration, path } from '../../board/option-types.ts'
import { sshLogin } from '../../board/ssh-login.ts'
import { parseMemorySize } from '../../core/memory-size.ts'
import { patternOption } from '../../board/pattern-option.ts'
import { kernelLogSchema } from './kernel-log-schema.ts'
import { placeOptions } from './place-schema.ts'
import { payloadSchema } from './payload-schema.ts'

/** What can be chosen by `driver:`, as the keys of a board. */
export const driverKinds = [
  'machine',
  'power',
  'console',
  'bootloader',
  'shell',
  'ssh',
  'storage',
  'recovery',
] as const satisfies readonly DriverKind[]

/** The keys of a board that hold a driver. */
export const driverKeys: readonly string[] = [...driverKinds, 'first-bootloader', 'recovery-strap']

/** What nobody said is `unknown`: a payload is then not held against it. */
const architectures = [
  ...(['arm64', 'arm', 'riscv64', 'x86_64'] as const),
  ...(['i386', 'riscv32', 'mips', 'powerpc', 'openrisc', 'loongarch', 'unknown'] as const),
] as const

/** What others call an architecture. */
const otherNames: Readonly<Record<string, (typeof architectures)[number]>> = {
  aarch64: 'arm64',
  armhf: 'arm',
  armv7: 'arm',
  riscv: 'riscv64',
  amd64: 'x86_64',
  x64: 'x86_64',
}

const architecture = z
  .enum(architectures, {
    error: ({ input }) => {
      const name = otherNames[String(input)]
      return name && `${JSON.stringify(input)} is called "${name}" here`
    },
  })
  .describe("The CPU's architecture, as the kernel calls it, or unknown.")

function driverSection(kind: DriverKind, description: string) {
  return z.unknown().optional().describe(description).register(driverSections, { kind })
}

function oneOrMore(item: z.ZodString, description: string) {
  return z
    .union([item, z.array(item)])
    .describe(description)
    .transform((value) => (typeof value === 'string' ? [value] : value))
}

/** `[radxa,rock3a]` is a list of two in YAML: the comma of a name has to be quoted there. */
const compatibleName = z.string().regex(/^[^\s,]+,\S+$/, {
  error: ({ input }) =>
    `${JSON.stringify(input)} is not of the form vendor,board; inside [ ] it must stand in quotes`,
})

const boot = z
  .strictObject({
    source: z
      .string()
      .min(1)
      .describe(
        'Where a normal boot starts: a boot source of barebox (mmc0), a command of U-Boot (run bootcmd).',
      )
      .optional(),
    chainload: path(
      'What "first-bootloader" starts: an image of "bootloader", such as barebox-dt-2nd.img.',
    ).optional(),
    bootargs: oneOrMore(z.string().min(1), "Added to the kernel's command line.").prefault([]),
    devboot: z
      .boolean()
      .default(false)
      .describe(
        "Let barebox's devboot fetch a script that says what the payload overrides, in place of options that are typed.",
      ),
    'dry-run': z
      .boolean()
      .default(false)
      .describe(
        'Let barebox fetch and lay out the payload once before it is booted: what is wrong is then seen at its prompt.',
      ),
    by: z
      .enum(['network', 'console'])
      .default('network')
      .describe(
        'How files come to the bootloader: it fetches them from the network, or is sent them over its console (YMODEM, at 115200 baud some 10 kB a second).',
      ),
    payload: payloadSchema.optional(),
    golden: z
      .enum(['own', 'payload'])
      .optional()
      .describe(
        'What the board boots to show that it is well: its own system, or this payload where it has none. By default its own; for an emulated board without "source", the payload.',
      ),
  })
  .superRefine(({ golden, payload }, context) => {
    if (golden !== 'payload' || payload !== undefined) return
    const message = 'there is no "payload" to boot: name one beside it'
    context.addIssue({ code: 'custom', path: ['golden'], message })
  })
  .describe('What the board boots.')

const udpPort = z.int().min(1).max(65535)

const embedded = z.strictObject({
  listen: z
    .string()
    .min(1)
    .describe('Address or network interface of this machine to listen on; all of them if absent.')
    .optional(),
  port: udpPort
    .describe('UDP port to listen on; 69 if absent, any that is free for an emulated machine.')
    .optional(),
})

const tftp = z
  .strictObject({
    directory: path(
      'Directory of a TFTP server that runs already; hil puts files there for the run.',
    ).optional(),
    embedded: z
      .union([z.literal(true), embedded])
      .describe("hil's own TFTP server, for the time of the run: true, or where it listens.")
      .transform((value) => (value === true ? {} : value))
      .optional(),
    ssh: sshLogin
      .describe('The machine that has the directory, if it is not this one: USER@HOST, or how to log in.')
      .optional(),
    address: z
      .string()
      .min(1)
      .describe('Address of the TFTP server, as the board reaches it. Found out for an embedded server.')
      .optional(),
    port: udpPort
      .describe(
        'UDP port of the TFTP server, as the board reaches it; 69 if absent, or where the embedded one listens.',
      )
      .optional(),
  })
  .superRefine(({ directory, embedded, address, ssh }, context) => {
    if (ssh !== undefined && directory === undefined) {
      const message = 'without "directory", the directory of the TFTP server on that machine, it says nothing'
      context.addIssue({ code: 'custom', path: ['ssh'], message })
    }
    if (directory === undefined) return
    if (embedded !== undefined) {
      const message =
        '"directory" belongs to a server that runs already, "embedded" is one of hil: take out one'
      context.addIssue({ code: 'custom', path: ['embedded'], message })
    }
    if (address === undefined) {
      const message = '"address" is missing: the board must know where the server of this "directory" is'
      context.addIssue({ code: 'custom', path: ['address'], message })
    }
  })
  .describe('Where the board fetches files from.')

const nfs = z
  .strictObject({
    directory: path('Directory that an NFS server exports; hil puts files there for the run.'),
    ssh: sshLogin
      .describe('The machine that has the directory, if it is not this one: USER@HOST, or how to log in.')
      .optional(),
    address: z.string().min(1).describe('Address of the NFS server, as the board reaches it.'),
    export: z
      .string()
      .regex(/^\/[\w.+/-]*$/, { error: 'write the exported directory as an absolute path: /srv/nfs' })
      .optional()
      .describe('The directory as the server exports it, where that is under another name.'),
  })
  .describe('Where the board fetches files from by NFS version 3 over UDP, in place of TFTP.')

const http = z
  .strictObject({
    directory: path('Directory that an HTTP server serves; hil puts files there for the run.'),
    ssh: sshLogin
      .describe('The machine that has the directory, if it is not this one: USER@HOST, or how to log in.')
      .optional(),
    address: z
      .string()
      .regex(/^[\d.]+$/, { error: 'write the IPv4 address: U-Boot looks up no names here' })
      .describe('IPv4 address of the HTTP server, as the board reaches it.'),
    port: z.int().min(1).max(65535).default(80).describe('TCP port of the HTTP server.'),
    path: z
      .string()
      .regex(/^(?:\/[\w.+-]+)*\/?$/, { error: 'write the path of the directory on the server: /images' })
      .default('')
      .transform((value) => value.replace(/\/$/, ''))
      .describe('Path of the directory on the server; its root if absent.'),
  })
  .describe('Where the board fetches files from by HTTP (U-Boot with wget), in place of TFTP.')

const network = z
  .strictObject({ tftp: tftp.optional(), nfs: nfs.optional(), http: http.optional() })
  .superRefine((network, context) => {
    const [first, second] = (['tftp', 'nfs', 'http'] as const).filter((key) => network[key] !== undefined)
    if (first === undefined || second === undefined) return
    const message = `files are fetched from one place: take out "${first}" or "${second}"`
    context.addIssue({ code: 'custom', path: [second], message })
  })
  .describe('The network the board is in.')

const timeouts = z
  .strictObject({
    states: z
      .record(z.string(), duration('Time to enter this state.'))
      .describe('Time to enter a state of the strategy, by its name.')
      .prefault({}),
    command: duration('Time for one command.').prefault('30s'),
    release: duration('Time kept back for power-off and release at the end of a run.').prefault('20s'),
  })
  .describe('How long things may take.')

/** The keys of a board. Everything is checked here but drivers, which bring their own schemas. */
export const boardSchema = z.strictObject({
  architecture,
  compatible: oneOrMore(
    compatibleName,
    'The root "compatible" of the board\'s device tree, most specific first.',
  ).prefault([]),
  machine: driverSection('machine', 'An emulated board: power switch and console in one.'),
  power: driverSection('power', 'What switches the board on and off.'),
  console: driverSection('console', "The board's serial console."),
  consoles: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_-]{0,30}$/),
      driverSection('console', 'A console of the board beside its main one.'),
    )
    .describe('Further consoles of the board by name, such as that of a secure world or of a coprocessor.')
    .optional(),
  ...placeOptions,
  bootloader: driverSection('bootloader', 'The bootloader on the board.'),
  'first-bootloader': driverSection(
    'bootloader',
    'The bootloader the board starts with, where "bootloader" is chain-loaded over the network.',
  ),
  shell: driverSection('shell', 'How to get a shell in the booted system.'),
  ssh: driverSection('ssh', 'How to log in to the booted system over the network.'),
  storage: driverSection('storage', 'A medium that board and host have in turn: a memory card in a mux.'),
  recovery: driverSection('recovery', 'How a board without a bootloader gets one by USB.'),
  'recovery-strap': driverSection(
    'power',
    'What makes the board start in its recovery mode while it is on: a relay or GPIO at its boot pins.',
  ),
  strategy: z
    .string()
    .min(1)
    .describe('How the board is brought from state to state: a name, or the path of your own strategy file.')
    .optional(),
  boot: boot.prefault({}),
  network: network.prefault({}),
  timeouts: timeouts.prefault({}),
  'power-off-time': duration('How long the power stays off in a power cycle.').optional(),
  after: z
    .enum(['off', 'on', 'as-is'])
    .default('off')
    .describe('The power state in which a run leaves the board.'),
  memory: z
    .union([z.number().positive(), z.string()])
    .describe("The board's RAM, 2G or 512M (a bare number is MiB), to check payloads against.")
    .transform((value, context) => {
      const bytes = parseMemorySize(String(value))
      if (bytes !== undefined) return bytes
      context.addIssue({ code: 'custom', message: `"${value}" is no size of memory; write 2G or 512M` })
      return z.NEVER
    })
    .optional(),
  'kernel-log': kernelLogSchema.prefault({}),
  features: z
    .array(z.string().min(1))
    .default([])
    .describe('What this board has, for specs to ask: any words.'),
  options: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('What specs may ask of this board: any names, with any values.'),
  tags: z
    .array(z.string().min(1))
    .default([])
    .describe('Words by which --tag chooses boards, such as what they are, and where.'),
  resources: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'What this board needs for itself alone beside its console, switch and media: any words. Equal words in all environments of this host are one thing.',
    ),
  'quarantine-after': z
    .union([z.int().min(1), z.literal('never')])
    .default(3)
    .describe(
      'After so many failures in a row of what is around the board (switch, console, network) nobody gets it until somebody returns it; or never.',
    )
    .transform((value) => (value === 'never' ? Number.POSITIVE_INFINITY : value)),
})

/** What holds for every console, beside the options of its driver. */
export const consoleSettingsSchema = z.strictObject({
  'char-delay': duration('Pause after each character, for a UART that loses input.').prefault(0),
  'line-delay': duration('Pause after each line, for a UART that loses input.').prefault(0),
  reconnect: duration(
    'How long the line may be away after it was lost, or before it is there at first; 0 for not at all.',
  ).prefault('10s'),
  'only-with-power': z
    .boolean()
    .default(false)
    .describe('Whether the line is there only while the board has power, such as an adapter on the board.'),
})

/** What holds for the consoles of a board beside its main one. */
export const otherConsoleSettingsSchema = consoleSettingsSchema.extend({
  'kernel-log': z
    .boolean()
    .default(true)
    .describe('Whether it fails a test when a kernel complains on this console.'),
  'fail-on': z
    .array(patternOption('What is never to be said on this console: it fails a test at once.'))
    .default([])
    .describe('What fails a test at once where it is said on this console.'),
})
