import assert from 'node:assert/strict'
import { chmod, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { probe } from '../../src/board/answering.ts'
import { catalogue } from '../../src/app/catalogue.ts'
import type { DriverKind, OpenedByKind } from '../../src/board/driver.ts'
import type { OpenTransport } from '../../src/board/transport.ts'
import { ConsoleHub } from '../../src/console/console-hub.ts'
import { now } from '../../src/core/clock.ts'
import { startDeadline, type Deadline } from '../../src/core/deadline.ts'
import { createTestContext, type TestContext } from '../support/driver-context.ts'
import { findProcesses } from '../support/processes.ts'

/** What a call is given. */
const givenMs = 400
/** What ending it may take beyond that on a machine that is busy: a call without a deadline takes for ever. */
const graceMs = 10_000

type Call = (t: Deadline) => Promise<unknown>

/** Where nothing ever answers. */
interface Hung {
  readonly port: number
  /** Of a server that takes connections, and neither reads nor says anything. */
  readonly socket: string
  /** A program that does not end. */
  readonly program: string
}

interface Case<Kind extends DriverKind> {
  readonly options: (hung: Hung) => unknown
  readonly calls: (opened: OpenedByKind[Kind], context: TestContext) => Readonly<Record<string, Call>>
}

/** A UART that nothing is on the other end of. */
const deadLine: OpenTransport = () =>
  Promise.resolve({
    description: 'a dead line',
    write: () => Promise.resolve(),
    close: () => Promise.resolve(),
  })

async function consoleOn(open: OpenTransport, { undo }: TestContext, t: Deadline) {
  const hub = await ConsoleHub.open({
    ...{ name: 'board', charDelayMs: 0, lineDelayMs: 0 },
    open: (reader) => open(reader, { signal: t.signal, wait: false }),
    ...{ onReceived: () => undefined, onSent: () => undefined, onClosed: () => undefined },
  })
  undo.defer('the console', () => hub.close())
  return hub.take('a test')
}

const consoleCalls: Case<'console'>['calls'] = (open, context) => ({
  expect: async (t) => (await consoleOn(open, context, t)).expect({ answer: 'login:' }, t),
  write: async (t) => (await consoleOn(open, context, t)).write(Buffer.alloc(64 << 20, 'x'), t),
})
const over = (options: (hung: Hung) => unknown): Case<'console'> => ({ options, calls: consoleCalls })

const storageCalls: Case<'storage'>['calls'] = (storage) => ({
  'switchTo host': (t) => storage.switchTo('host', t),
  side: (t) => storage.side(t),
})

const recoveryCalls: Case<'recovery'>['calls'] = (recovery) => ({
  appear: (t) => recovery.appear(t),
  load: (t) => recovery.load(t),
})

const bootloader: Case<'bootloader'> = {
  options: () => ({}),
  calls: (driver, context) => ({
    interrupt: async (t) => driver.interrupt(await consoleOn(deadLine, context, t), t),
    probe: async (t) => probe(await consoleOn(deadLine, context, t), driver, t),
  }),
}

const cases: { readonly [Kind in DriverKind]?: Readonly<Record<string, Case<Kind>>> } = {
  console: {
    rfc2217: over(({ port }) => ({ host: '127.0.0.1', port })),
    tcp: over(({ port }) => ({ host: '127.0.0.1', port })),
    telnet: over(({ port }) => ({ host: '127.0.0.1', port })),
    unix: over(({ socket }) => ({ path: socket })),
    ssh: over(({ port }) => ({ host: '127.0.0.1', port, password: { env: 'NONE' }, command: 'cat' })),
    process: over(({ program }) => ({ command: [program] })),
  },
  ssh: {
    ssh2: {
      options: ({ port }) => ({ host: '127.0.0.1', port, password: { env: 'NONE' } }),
      calls: (driver) => ({
        connect: (t) => driver.connect({ host: driver.host ?? '', port: driver.port }, undefined, t),
      }),
    },
  },
  storage: {
    usbsdmux: {
      options: ({ program }) => ({ device: '/dev/null', usbPath: '99-9', program }),
      calls: storageCalls,
    },
    sdwire: { options: ({ program }) => ({ serial: 'none', usbPath: '99-9', program }), calls: storageCalls },
    sdwire3: {
      options: ({ program }) => ({ serial: 'none', usbPath: '99-9', program }),
      calls: (storage) => ({ 'switchTo host': (t) => storage.switchTo('host', t) }),
    },
    'usb-mass-storage': {
      options: () => ({ usbPath: '99-9' }),
      calls: (storage) => ({ 'switchTo host': (t) => storage.switchTo('host', t) }),
    },
  },
  recovery: {
    uuu: { options: ({ program }) => ({ load: { bootloader: program }, program }), calls: recoveryCalls },
    'dfu-util': {
      options: ({ program }) => ({ download: [{ alt: 'spl', file: program }], program }),
      calls: recoveryCalls,
    },
    fastboot: { options: ({ program }) => ({ steps: [{ run: 'reboot' }], program }), calls: recoveryCalls },
    rkdeveloptool: { options: ({ program }) => ({ loader: program, program }), calls: recoveryCalls },
  },
  bootloader: { barebox: bootloader, uboot: bootloader },
  shell: {
    linux: {
      options: () => ({}),
      calls: (driver, context) => ({
        login: async (t) => driver.login(await consoleOn(deadLine, context, t), t),
        probe: async (t) => probe(await consoleOn(deadLine, context, t), driver, t),
      }),
    },
  },
}

/** Why nothing hangs here. */
const excused: Readonly<Record<string, string>> = {
  'console: serial': 'a port of this machine; what waits on it is what waits on every console',
  'console: netconsole': 'it only listens, and asks nobody',
  'machine: qemu': 'its own tests stop the process',
  'machine: libvirt': 'what it asks is virsh, as the power switch does',
  'machine: simulator': 'it is in this process',
  'machine: simulator-qemu': 'it is the simulator, and QEMU for the kernel',
}

describe('The deadlines of driver calls, where whoever is asked hangs', function () {
  this.timeout(60_000)
  let context: TestContext
  let hung: Hung
  let count = 0

  beforeEach(async () => {
    context = await createTestContext({ secret: () => Promise.resolve('secret') })
    hung = await startHung(context)
  })
  afterEach(async () => {
    await context.release()
    assert.deepEqual(await findProcesses(hung.program), [])
  })

  for (const [kind, drivers] of Object.entries(cases)) {
    for (const [name, one] of Object.entries(drivers)) {
      it(`hold for ${kind}: ${name}`, async () => {
        const { options, calls } = one as Case<DriverKind>
        const driver = catalogue.find((each) => each.kind === kind && each.name === name) ?? assert.fail()
        using start = startDeadline(10_000, 'opening the driver')
        const opened = await driver.open(driver.schema.parse(options(hung)), context, start)
        for (const [title, call] of Object.entries(calls(opened, context))) {
          await assertHeld(title, call)
          count++
        }
      })
    }
  }

  it('hold for every driver but the power switches, whose contract hangs them', () => {
    const held = Object.entries(cases).flatMap(([kind, drivers]) =>
      Object.keys(drivers).map((name) => `${kind}: ${name}`),
    )
    const all = catalogue.map(({ kind, name }) => `${kind}: ${name}`)
    assert.deepEqual(
      [...held, ...Object.keys(excused)].sort(),
      all.filter((each) => !each.startsWith('power: ')).sort(),
    )
    process.stdout.write(`      ${count} calls of ${held.length} drivers hung\n`)
  })
})

/** A probe that finds nothing may say so; whatever else comes back has waited until its time was over. */
async function assertHeld(title: string, call: Call): Promise<void> {
  const startedAt = now()
  using t = startDeadline(givenMs, title)
  let timer: NodeJS.Timeout | undefined
  const never = new Promise<'never'>((resolve) => (timer = setTimeout(resolve, givenMs + graceMs, 'never')))
  const ended = call(t).then(
    (value) => (value === undefined ? 'ended' : 'answered at once'),
    (error: unknown) => (now() - startedAt >= givenMs - 50 ? 'ended' : `failed at once: ${String(error)}`),
  )
  const how = await Promise.race([ended, never])
  clearTimeout(timer)
  assert.equal(how, 'ended', title)
}

async function startHung({ temporaryDirectory, undo }: TestContext): Promise<Hung> {
  const sockets = new Set<Socket>()
  const listen = async (at: number | string) => {
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.pause()
    })
    await new Promise<void>((resolve) => {
      if (typeof at === 'number') server.listen(at, '127.0.0.1', resolve)
      else server.listen(at, resolve)
    })
    undo.defer('a server that hangs', async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    })
    return server.address()
  }
  const socket = join(temporaryDirectory, 'socket')
  await listen(socket)
  const { port } = (await listen(0)) as AddressInfo
  const program = join(temporaryDirectory, 'hangs')
  await writeFile(program, '#!/bin/sh\nsleep 1000\n')
  await chmod(program, 0o755)
  return { port, socket, program }
}
