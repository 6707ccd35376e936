import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { FileTree, directory, file } from '../../../src/simulator/files/file-tree.ts'
import { Life } from '../../../src/simulator/life.ts'
import { Tty } from '../../../src/simulator/linux/tty.ts'
import { runText } from '../../../src/simulator/posix/execute/script.ts'
import { endOfShell } from '../../../src/simulator/posix/execute/subshell.ts'
import type { System } from '../../../src/simulator/posix/process.ts'
import { programsFor } from '../../../src/simulator/posix/programs/index.ts'
import { Shell, type ShellFlavour } from '../../../src/simulator/posix/shell.ts'
import { SignalTarget } from '../../../src/simulator/posix/signals.ts'
import { captureStream, nullStream } from '../../../src/simulator/posix/streams.ts'
import { BoardClock } from '../../../src/simulator/wire/board-clock.ts'

interface Outcome {
  readonly output: string
  readonly status: number
}

/** A script, what dash made of it, and what busybox did where that differs. */
interface Case extends Outcome {
  readonly script: string
  readonly busybox?: Outcome
}

const cases = JSON.parse(
  readFileSync(new URL('../../fixtures/posix-cases/scripts.json', import.meta.url), 'utf8'),
) as Case[]

for (const [flavour, program] of [
  ['sh', 'dash'],
  ['ash', 'busybox'],
] as const) {
  describe(`The simulated shell does what ${program} does`, () => {
    for (const recorded of cases) {
      it(JSON.stringify(recorded.script), async () => {
        const { output, status } = (program === 'busybox' ? recorded.busybox : undefined) ?? recorded
        assert.deepEqual(await run(flavour, recorded.script), { output, status })
      })
    }
  })
}

async function run(flavour: ShellFlavour, script: string): Promise<Outcome> {
  const system = createSystem(flavour)
  const output = captureStream()
  const signals = new SignalTarget(system.life)
  const shell = new Shell({
    system,
    flavour,
    signals,
    session: { foreground: new Set() },
    interactive: false,
    name: flavour,
    user: 'root',
    directory: '/',
    streams: new Map([
      [0, nullStream],
      [1, output],
      [2, nullStream],
    ]),
    environment: [
      ['HOME', '/root'],
      ['PATH', '/usr/bin:/bin'],
    ],
  })
  const status = await endOfShell(shell, () => runText(shell, script))
  return { output: output.text(), status }
}

function createSystem(flavour: ShellFlavour): System {
  const files = new FileTree()
  files.put('/bin', directory({ sh: file('', 0o755) }))
  files.put('/dev', directory({ null: { type: 'device', size: undefined, read: () => '', block: false } }))
  files.put('/etc', directory({ passwd: file('root:x:0:0:root:/root:/bin/sh\n') }))
  files.put('/root', directory())
  files.put('/tmp', directory())
  const never = () => Promise.reject(new Error('a test script does not end the system'))
  return {
    life: new Life(new BoardClock(1000)),
    files,
    tty: new Tty(() => undefined),
    programs: programsFor(flavour),
    kernel: { release: '6.1', version: '#1', machine: 'aarch64', commandLine: '', hostname: 'sim', log: [] },
    absent: new Set(),
    unsupported: () => undefined,
    uptime: () => 0,
    flavour,
    controllingTerminal: false,
    promptComes: () => Promise.resolve(1),
    lineTaken: () => Promise.resolve(),
    restart: never,
    powerOff: never,
    halt: never,
  }
}
