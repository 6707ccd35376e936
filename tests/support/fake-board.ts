import { z } from 'zod'
import type { Bootloader } from '../../src/board/bootloader.ts'
import type { CommandResult } from '../../src/board/command-runner.ts'
import type { Console } from '../../src/board/console.ts'
import { defineBootloader, defineMachine, defineShell } from '../../src/board/driver.ts'
import type { PowerState } from '../../src/board/power-switch.ts'
import type { Shell } from '../../src/board/shell.ts'
import type { TransportReader } from '../../src/board/transport.ts'
import type { Deadline } from '../../src/core/deadline.ts'
import { HilError } from '../../src/core/errors.ts'
import type { FakeLine } from './fake-line.ts'
import type { BoardSpec, Environment } from '../../src/environment/environment.ts'

/** What a fake board can do wrong. Each is set by the test that wants it. */
export interface FakeFaults {
  /** The console says nothing at all. */
  silent?: boolean
  /** The kernel hangs after its first line. */
  hangs?: boolean
  /** The switch says it did, and did not. */
  powerLies?: boolean
  /** Power-ons after which the bootloader does not answer, from the first one on. */
  deadStarts?: number
  /** The cable that was pulled is not plugged in again. */
  staysUnplugged?: boolean
  /** So many times nobody finds it there after it was pulled. */
  missedReplugs?: number
}

/**
 * A board that speaks the simplest dialect that has everything: a bootloader and a shell that answer
 * each line with output, `=STATUS` and a prompt. Fast and in this process.
 */
export class FakeBoard {
  readonly faults: FakeFaults
  readonly log: string[] = []
  /** What it was asked for and does not simulate. */
  readonly unsupported: string[] = []
  power: PowerState = 'off'
  /** Its consoles beside the main one, by name; `tell NAME TEXT` in its shell has one say a line. */
  readonly lines: Readonly<Record<string, FakeLine>>
  #reader: TransportReader | undefined
  #mode: 'off' | 'bootloader' | 'linux' | 'shell' = 'off'
  #input = ''
  #wasUnplugged = false
  #missedReplugs = 0

  constructor(faults: FakeFaults = {}, lines: Readonly<Record<string, FakeLine>> = {}) {
    this.faults = faults
    this.lines = lines
  }

  readonly machine = {
    power: {
      on: () => Promise.resolve(this.switchOn()),
      off: () => Promise.resolve(this.switchOff()),
      state: () => Promise.resolve(this.power),
    },
    openConsole: (reader: TransportReader) => {
      if (this.faults.staysUnplugged === true && this.#wasUnplugged) return Promise.reject(unplugged())
      if (this.#wasUnplugged && (this.faults.missedReplugs ?? 0) > this.#missedReplugs++)
        return Promise.reject(unplugged())
      this.#reader = reader
      return Promise.resolve({
        description: 'fake UART',
        write: (bytes: Uint8Array) => {
          this.#onInput(Buffer.from(bytes).toString())
          return Promise.resolve()
        },
        close: () => {
          this.#reader?.closed(undefined)
          this.#reader = undefined
          return Promise.resolve()
        },
      })
    },
    versions: { fake: '1.0' },
    unsupported: () => this.unsupported,
  }

  switchOn(): void {
    this.log.push('on')
    if (this.power === 'on') return
    this.power = 'on'
    this.#start()
  }

  switchOff(): void {
    this.log.push('off')
    if (this.faults.powerLies === true) return
    this.power = 'off'
    this.#mode = 'off'
  }

  /** What happens when somebody pulls the plug of the console. */
  unplug(): void {
    const reader = this.#reader
    this.#reader = undefined
    this.#wasUnplugged = true
    reader?.closed(unplugged())
  }

  reset(): void {
    if (this.power === 'on') this.#start()
  }

  /** The power goes away, whatever the switch was told. */
  losePower(): void {
    this.power = 'off'
    this.#mode = 'off'
  }

  #start(): void {
    if ((this.faults.deadStarts ?? 0) > 0) {
      this.faults.deadStarts = (this.faults.deadStarts ?? 0) - 1
      return
    }
    this.#mode = 'bootloader'
    this.#input = ''
    this.#say('fakeboot 1.0\r\nboot> ')
  }

  #onInput(text: string): void {
    // As a terminal has it: Enter ends a line, Ctrl-U kills it.
    this.#input = (this.#input + text).replaceAll('\r', '\n').replaceAll(/[^\n]*\x15/g, '')
    for (let end = this.#input.indexOf('\n'); end !== -1; end = this.#input.indexOf('\n')) {
      const line = this.#input.slice(0, end)
      this.#input = this.#input.slice(end + 1)
      if (this.#mode === 'bootloader') this.#inBootloader(line)
      else if (this.#mode === 'shell') this.#inShell(line)
    }
  }

  #inBootloader(line: string): void {
    this.log.push(`bootloader: ${line}`)
    if (line.startsWith('boot')) {
      this.#mode = 'linux'
      this.#say('[    0.000000] Linux version 6.1.0-fake\r\n')
      if (this.faults.hangs === true) return
      this.#mode = 'shell'
      this.#say('init done\r\nroot# ')
    } else if (line === 'version') this.#answer('fakeboot 1.0', 0, 'boot> ')
    else this.#answer('', line === 'false' ? 1 : 0, 'boot> ')
  }

  #inShell(line: string): void {
    if (line !== '') this.log.push(`shell: ${line}`)
    const [name = '', ...rest] = line.split(' ')
    if (name === 'hang') return
    if (name === 'panic') {
      this.#mode = 'off'
      this.#say('[    9.000000] Kernel panic - not syncing: told to\r\n[    9.000001] Rebooting')
    } else if (name === 'warn') {
      this.#say('[    8.000000] WARNING: CPU: 0 PID: 9 at drivers/pump.c:12 pump_start+0x1c/0x40\r\n')
      this.#answer('', 0, 'root# ')
    } else if (name === 'oops') {
      this.#say(`[    8.000000] ${oops[0]}\r\n`)
      this.#answer('', 0, 'root# ')
      this.#sayOnWhilePowered(oops.slice(1))
    } else if (name === 'panic-with-trace') {
      this.#mode = 'off'
      this.#say('[    9.000000] Kernel panic - not syncing: told to\r\n')
      this.#sayOnWhilePowered([
        'Call trace:',
        ' pump_stop+0x4/0x8',
        '---[ end Kernel panic - not syncing ]---',
      ])
    } else if (name === 'unplug') this.unplug()
    else if (name === 'reset' || name === 'reboot') this.#start()
    else if (name === 'tell') {
      const [line = '', ...words] = rest
      this.lines[line]?.says(`${words.join(' ')}\r\n`)
      this.#answer('', 0, 'root# ')
    } else if (name === 'echo') this.#answer(rest.join(' '), 0, 'root# ')
    else if (name === 'uname') this.#answer('6.1.0-fake', 0, 'root# ')
    else if (name === 'false') this.#answer('it went wrong', 1, 'root# ')
    else this.#answer('', 0, 'root# ')
  }

  /** Line after line, as over a slow UART, until the power is gone. */
  #sayOnWhilePowered([line, ...more]: readonly string[]): void {
    if (line === undefined) return
    setTimeout(() => {
      if (this.power !== 'on') return
      this.#say(`[    9.000001] ${line}\r\n`)
      this.#sayOnWhilePowered(more)
    }, 15)
  }

  #answer(output: string, status: number, prompt: string): void {
    this.#say(`${output === '' ? '' : `${output}\r\n`}=${status}\r\n${prompt}`)
  }

  #say(text: string): void {
    if (this.faults.silent !== true) this.#reader?.data(Buffer.from(text))
  }
}

function unplugged(): HilError {
  return new HilError('console.closed', 'the fake UART was unplugged', { blame: 'infrastructure' })
}

/** What a kernel says after it was asked to oops. */
const oops = [
  'Unable to handle kernel NULL pointer dereference at virtual address 0000000000000010',
  'Internal error: Oops: 0000000096000004 [#1] SMP',
  'pc : pump_open+0x18/0x40',
  'Call trace:',
  ' pump_open+0x18/0x40',
  '---[ end trace 0000000000000000 ]---',
]

const anything = z.unknown()

/** Drivers for one fake board. */
function driversFor(board: FakeBoard, resources: readonly string[]) {
  return {
    machine: defineMachine({
      name: 'fake',
      summary: 'A fake board.',
      schema: anything,
      resources: () => resources,
      open: () => Promise.resolve(board.machine),
    }),
    bootloader: defineBootloader({
      name: 'fake',
      summary: 'A fake bootloader.',
      schema: anything,
      open: () =>
        Promise.resolve({
          kind: 'fake',
          banner: /fakeboot \d\.\d/,
          interrupt: async (console, t) => {
            await expectOr('bootloader.no-prompt', console.expect({ prompt: 'boot> ' }, t))
            return fakeBootloader(console.take('fakeboot'))
          },
          answers: { prompt: 'boot> ' },
          answerWithin: 50,
          recognise: (console) => Promise.resolve(fakeBootloader(console.take('probe'))),
        }),
    }),
    shell: defineShell({
      name: 'fake',
      summary: 'A fake shell.',
      schema: anything,
      open: () =>
        Promise.resolve({
          login: async (console, t) => {
            await expectOr('shell.no-prompt', console.expect({ prompt: 'root# ' }, t))
            return fakeShell(console.take('shell'), board.log)
          },
          answers: { prompt: 'root# ' },
          answerWithin: 50,
          recognise: (console) => Promise.resolve(fakeShell(console.take('probe'), board.log)),
        }),
    }),
  }
}

async function expectOr(code: string, work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (cause) {
    if (!(cause instanceof HilError) || cause.code !== 'console.timeout') throw cause
    throw new HilError(code, cause.message, { blame: 'board', cause })
  }
}

async function run(console: Console, prompt: string, command: string, t: Deadline): Promise<CommandResult> {
  await console.write(`${command}\n`, t)
  try {
    const { before, groups } = await console.expect({ end: /=(\d{1,3})\n/ }, t)
    await console.expect({ prompt }, t)
    const [status] = groups
    return { command, exitCode: Number(status), stdout: before, kernelLines: [], durationMs: 1 }
  } catch (cause) {
    if (!(cause instanceof HilError) || cause.code !== 'console.timeout') throw cause
    throw new HilError('command.timeout', `"${command}" did not end: ${cause.message}`, {
      blame: 'board',
      details: { recovered: false },
      cause,
    })
  }
}

function fakeBootloader(console: Console): Bootloader {
  return {
    kind: 'fake',
    capabilities: () => Promise.resolve({ version: '1.0', maximumLine: 1000, overrides: [], facts: {} }),
    run: (command, t) => run(console, 'boot> ', command, t),
    boot: async (plan, t) => {
      const next = console.take('linux')
      await next.write(`boot ${plan.source ?? ''}\n`, t)
      return next
    },
    receive: () => Promise.reject(new Error('not used')),
    reset: () => Promise.reject(new Error('not used')),
    leave: () => Promise.resolve(console.take('nobody')),
  }
}

function fakeShell(console: Console, log: string[]): Shell {
  return {
    kind: 'shell',
    run: (command, t) => run(console, 'root# ', command, t),
    leave: () => {
      log.push('the shell was left')
      return Promise.resolve(console.take('nobody'))
    },
  }
}

export interface FakeEnvironmentOptions {
  /** What all of them need, or each of them by its name. */
  readonly resources?: readonly string[] | ((board: string) => readonly string[])
  readonly strategy?: BoardSpec['strategy']
  readonly after?: BoardSpec['after']
  readonly states?: Readonly<Record<string, number>>
  /** How long their consoles may be away. @default 0 */
  readonly reconnectMs?: number
  /** Their consoles beside the main one. @default each of a board's `lines` as it is */
  readonly otherConsoles?: BoardSpec['otherConsoles']
}

/** An environment of fake boards. */
export function fakeEnvironment(
  boards: Readonly<Record<string, FakeBoard>>,
  {
    resources = [],
    strategy = { name: 'barebox' },
    after = 'off',
    states = {},
    reconnectMs = 0,
    otherConsoles,
  }: FakeEnvironmentOptions = {},
): Environment {
  return {
    file: '/fake/env.yaml',
    files: ['/fake/env.yaml'],
    secretVariables: [],
    remarks: [],
    boards: Object.entries(boards).map(([name, board]) => {
      const drivers = driversFor(board, typeof resources === 'function' ? resources(name) : resources)
      const choose = <D>(driver: D) => ({ driver, options: {} })
      return {
        name,
        architecture: 'arm64',
        compatible: [`fake,${name}`],
        memoryBytes: undefined,
        hardware: { machine: choose(drivers.machine) },
        console: { charDelayMs: 0, lineDelayMs: 0, reconnectMs, onlyWithPower: false },
        otherConsoles: otherConsoles ?? Object.entries(board.lines).map(([line, fake]) => fake.as(line)),
        bootloader: choose(drivers.bootloader),
        firstBootloader: undefined,
        shell: choose(drivers.shell),
        ssh: undefined,
        storage: undefined,
        recovery: undefined,
        recoveryStrap: undefined,
        strategy,
        boot: {
          source: undefined,
          chainload: undefined,
          by: 'network' as const,
          devboot: false,
          dryRun: false,
          bootargs: [],
          payload: undefined,
        },
        network: { tftp: undefined },
        timeouts: { states, command: 2000, release: 2000 },
        powerOffTimeMs: 0,
        after,
        features: [],
        options: {},
        tags: [],
        resources: [],
        quarantineAfter: 3,
        kernelRules: [],
      } satisfies BoardSpec
    }),
  }
}
