import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import type { RunEvent } from '../src/core/events.ts'
import { requirement } from '../tests/support/requirements.ts'
import { median, type Bench, type BenchRow } from './bench.ts'
import { cli } from './cli.ts'

const runs = 3

/**
 * hil's own part of the way from power-on to a shell, from the stamps of a run's events: the time
 * between the last byte of the board before hil acts and its action. The rest is the board's.
 */
export const ownTime: Bench = {
  name: 'own-time',
  async run() {
    return [
      await measure('sim-barebox.yaml', 'a simulated board that answers at once'),
      ...(requirement('qemu').available ? [await measure('virt-uboot.yaml', 'the QEMU board')] : []),
      ...(requirement('qemu').available ? [await commandFromSpec()] : []),
    ]
  },
}

async function measure(environment: string, what: string): Promise<BenchRow> {
  const own: number[] = []
  const total: number[] = []
  for (let run = 0; run < runs; run++) {
    const way = fromPowerOnToShell(await eventsOf('bench/specs/one-test.spec.ts', environment))
    own.push(ownTimeOf(way))
    total.push((way.at(-1)?.t ?? 0) - (way[0]?.t ?? 0))
  }
  return {
    what: `own time from power-on to shell on ${what}`,
    measured: `${median(own).toFixed(0)} ms`,
    peer: `the whole way ${median(total).toFixed(0)} ms`,
    ratio: median(own) / median(total),
    target: 'under 100 ms',
    met: median(own) < 100,
  }
}

async function commandFromSpec(): Promise<BenchRow> {
  const events = await eventsOf('bench/specs/shell-command.spec.ts', 'virt-uboot.yaml')
  const output = events.flatMap((event) => (event.type === 'spec-output' ? [event.text] : [])).join('')
  const times = JSON.parse(/times (\[.*\])/.exec(output)?.[1] ?? '[]') as number[]
  return {
    what: 'the shell command true from a spec, IPC included',
    measured: `${median(times).toFixed(2)} ms`,
    target: '3 ms or less',
    met: median(times) <= 3,
  }
}

async function eventsOf(spec: string, environment: string): Promise<readonly RunEvent[]> {
  const reports = await mkdtemp(join(tmpdir(), 'hil-bench-'))
  try {
    await execa(process.execPath, [cli, 'run', spec, '--env', environment, '--report-dir', reports])
    const names = await readdir(reports)
    const run = names.find((name) => name.startsWith('20')) ?? ''
    const lines = (await readFile(join(reports, run, 'events.jsonl'), 'utf8')).trim().split('\n')
    return lines.map((line) => JSON.parse(line) as RunEvent)
  } finally {
    await rm(reports, { recursive: true })
  }
}

function fromPowerOnToShell(events: readonly RunEvent[]): readonly RunEvent[] {
  const start = events.findIndex((event) => event.type === 'power' && event.action === 'on')
  const end = events.findIndex((event) => event.type === 'state-entered' && event.to === 'shell')
  return events.slice(start, end + 1)
}

function ownTimeOf(way: readonly RunEvent[]): number {
  let own = 0
  let lastFromBoard: number | undefined
  for (const event of way) {
    if (event.type === 'console-rx') lastFromBoard = event.t
    else if ((event.type === 'console-tx' || event.type === 'state-entered') && lastFromBoard !== undefined) {
      own += event.t - lastFromBoard
      lastFromBoard = undefined
    }
  }
  return own
}
