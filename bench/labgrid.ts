import { execa } from 'execa'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { catalogue } from '../src/app/catalogue.ts'
import type { Bootloader } from '../src/board/bootloader.ts'
import type { Shell } from '../src/board/shell.ts'
import { startDeadline } from '../src/core/deadline.ts'
import { leasesOfLab } from '../src/lab/coordinator/lease-places.ts'
import { withoutWaiting } from '../src/lab/lease/lease-boards.ts'
import { freePort } from '../tests/support/free-port.ts'
import { startCoordinator } from '../tests/support/labgrid/coordinator.ts'
import { startExporter } from '../tests/support/labgrid/exporter.ts'
import { pythonArgv } from '../tests/support/labgrid/programs.ts'
import { startQemuBench, type QemuBench } from '../tests/support/labgrid/qemu-bench.ts'
import { requirement } from '../tests/support/requirements.ts'
import { median, type Bench, type BenchRow } from './bench.ts'
import { boardOf, withBoardOf, type BenchBoard } from './with-board.ts'

const rounds = 3
const peer = fileURLToPath(new URL('labgrid-peer.py', import.meta.url))

/** What both do with the board, and how many times faster hil has to be. */
const steps = {
  prompt: { what: 'from power-off to the prompt of U-Boot', faster: 1 },
  bootloader: { what: '20 commands of U-Boot', faster: 1 },
  attachPrompt: { what: 'to the prompt of a board that was left there', faster: 20 },
  boot: { what: 'from there to a shell', faster: 1 },
  shell: { what: '50 commands of the shell', faster: 3 },
  attachShell: { what: 'to the shell of a board that was left there', faster: 20 },
} as const

type Step = keyof typeof steps
type Times = Readonly<Record<Step, number>>

/** The same board, a U-Boot in QEMU with its UART at a TCP port, used by labgrid and by hil in turn. */
export const labgrid: Bench = {
  name: 'labgrid',
  unavailable: () => {
    const lack = ['labgrid', 'qemu'].map(requirement).find(({ available }) => !available)
    return Promise.resolve(lack?.reason)
  },
  async run() {
    const directory = await mkdtemp(join(tmpdir(), 'hil-bench-'))
    try {
      return [...(await useInTurn(directory)), await activation(directory)]
    } finally {
      await rm(directory, { recursive: true })
    }
  },
}

async function useInTurn(directory: string): Promise<readonly BenchRow[]> {
  await using qemu = await startQemuBench(await freePort())
  const ours = join(directory, 'hil.yaml')
  const theirs = join(directory, 'labgrid.yaml')
  await writeFile(ours, stringify({ boards: { virt: { ...hilBoard(qemu), console: consoleOf(qemu) } } }))
  await writeFile(theirs, stringify(labgridEnvironment(qemu)))
  const times: Record<'hil' | 'labgrid', Times[]> = { hil: [], labgrid: [] }
  for (let round = 0; round < rounds; round++) {
    times.labgrid.push(await byLabgrid(theirs))
    times.hil.push(await byHil(ours))
  }
  return (Object.keys(steps) as Step[]).map((step) => {
    const { what, faster } = steps[step]
    const [own, other] = [times.hil, times.labgrid].map((all) => median(all.map((each) => each[step])))
    const ratio = (own ?? Number.NaN) / (other ?? Number.NaN)
    return {
      what,
      measured: ms(own),
      peer: `labgrid ${ms(other)}`,
      ratio,
      target: faster === 1 ? 'faster' : `at least ${faster} times faster`,
      met: ratio < 1 / faster,
    }
  })
}

async function byLabgrid(environment: string): Promise<Times> {
  const [python = '', ...args] = pythonArgv([peer, environment])
  const { stdout } = await execa(python, args, { timeout: 120_000 })
  return JSON.parse(stdout.split('\n').at(-1) ?? '') as Times
}

async function byHil(environment: string): Promise<Times> {
  const spec = await boardOf(environment)
  const hold = <T>(use: (bench: BenchBoard) => Promise<T>) => withBoardOf(spec, use, { keep: true })
  const first = await hold(async ({ runner, t }) => {
    await runner.goto('off', t)
    const [prompt, bootloader] = await timed(async () => (await runner.goto('bootloader', t)) as Bootloader)
    const [commands] = await timed(() => repeat(20, () => bootloader.run('true', t)))
    await bootloader.leave(t)
    return { prompt, bootloader: commands }
  })
  const beforePrompt = performance.now()
  const second = await hold(async ({ runner, t }) => {
    await runner.goto('bootloader', t)
    const attachPrompt = performance.now() - beforePrompt
    const [boot, shell] = await timed(async () => (await runner.goto('shell', t)) as Shell)
    const [commands] = await timed(() => repeat(50, () => shell.run('true', t)))
    // Its terminal as it was, as at the end of every run.
    await shell.leave(t)
    return { attachPrompt, boot, shell: commands }
  })
  const beforeShell = performance.now()
  const attachShell = await hold(async ({ runner, t }) => {
    await runner.goto('shell', t)
    const took = performance.now() - beforeShell
    await runner.goto('off', t)
    return took
  })
  return { ...first, ...second, attachShell }
}

/** From a place that is acquired to the open console of its board, beside seven more resources. */
async function activation(directory: string): Promise<BenchRow> {
  await using qemu = await startQemuBench()
  await using coordinator = await startCoordinator({ virt: { matches: { 'lab1/virt/*': null } } })
  const others = Array.from({ length: 7 }, (_, index): readonly [string, object] => [
    `spare${index}`,
    { cls: 'NetworkInterface', ifname: `eth${index}` },
  ])
  await using _exporter = await startExporter(coordinator.address, {
    name: 'lab1',
    resources: {
      virt: { RawSerialPort: { port: qemu.uart, speed: 115_200 }, ...Object.fromEntries(others) },
    },
  })
  const file = join(directory, 'place.yaml')
  const board = { ...hilBoard(qemu), place: 'virt', coordinator: coordinator.address }
  await writeFile(file, stringify({ boards: { virt: board } }))
  const spec = await boardOf(file)
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    using t = startDeadline(60_000, 'the bench')
    const lease = leasesOfLab(withoutWaiting, catalogue)
    const [acquired] = await lease([spec], { what: 'a bench', emit: () => undefined }, t)
    if (acquired === undefined) throw new RangeError('the coordinator gave no place')
    const start = performance.now()
    await withBoardOf(spec, () => Promise.resolve(times.push(performance.now() - start)), { lease: acquired })
  }
  const took = median(times)
  return {
    what: 'from an acquired place with 8 resources to its console',
    measured: ms(took),
    target: 'under 150 ms',
    met: took < 150,
  }
}

function hilBoard({ monitor, bootCommand }: QemuBench) {
  return {
    architecture: 'arm64',
    power: { driver: 'qemu-monitor', socket: monitor },
    'power-off-time': 0,
    bootloader: 'uboot',
    boot: { source: bootCommand.replaceAll('$', '$$$$') },
  }
}

function consoleOf({ uart }: QemuBench) {
  return { driver: 'tcp', host: '127.0.0.1', port: Number(uart) }
}

function labgridEnvironment({ uart, monitor, bootCommand }: QemuBench) {
  return {
    targets: {
      main: {
        resources: { NetworkSerialPort: { host: '127.0.0.1', port: Number(uart), protocol: 'raw' } },
        drivers: {
          MonitorPowerDriver: { path: monitor },
          SerialDriver: {},
          UBootDriver: { prompt: '=> ', boot_command: bootCommand },
          ShellDriver: { prompt: '[~/] # ', login_prompt: ' login: ', username: 'root' },
          UBootStrategy: {},
        },
      },
    },
  }
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [ms: number, result: T]> {
  const start = performance.now()
  const result = await work()
  return [performance.now() - start, result]
}

async function repeat(times: number, work: () => Promise<unknown>): Promise<void> {
  for (let time = 0; time < times; time++) await work()
}

function ms(time: number | undefined): string {
  return `${(time ?? Number.NaN).toFixed(1)} ms`
}
