import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import type { RunEvent } from '../src/core/events.ts'
import type { CellAttempt, NightCell, NightRecord } from '../src/core/night-record.ts'
import { verdicts } from '../src/core/verdicts.ts'
import { faultSchema, type Fault } from '../src/simulator/faults/schema.ts'
import type { Bench } from './bench.ts'
import { cli } from './cli.ts'
import { rightBlames } from './nightly/right-blames.ts'
import { schedulingOverhead } from './nightly/scheduling-overhead.ts'
import { watchMemory } from './tree-memory.ts'

/** Fewer boards suit a machine that is busy with something else, fewer cells one who has no hour. */
const boards = Number(process.env['HIL_BENCH_BOARDS'] ?? 40)
const cells = Number(process.env['HIL_BENCH_CELLS'] ?? 1000)
const specs = 5
const payloads = Math.ceil(cells / boards / specs)
/** In so many runs something goes wrong with the simulated board; in as many more a test is wrong. */
const faultRate = Number(process.env['HIL_BENCH_FAULTS'] ?? 0.05)

/** A thousand cells of a night on 40 simulated boards, on which everything goes wrong now and then. */
export const nightly: Bench = {
  name: 'nightly',
  async run() {
    const directory = await mkdtemp(join(tmpdir(), 'hil-bench-'))
    try {
      await writeFile(join(directory, 'lab.yaml'), environment())
      await writeFile(join(directory, 'plan.yaml'), plan())
      for (let spec = 0; spec < specs; spec++)
        await writeFile(join(directory, `s${spec}.spec.ts`), specOf(spec))
      const child = execa(process.execPath, [cli, 'nightly', 'plan.yaml'], {
        ...{ cwd: directory, reject: false, all: true },
        env: { HIL_HISTORY: 'off', HIL_LAB_DIRECTORY: join(directory, 'lab') },
      })
      const memory = watchMemory(child.pid ?? 0)
      const { all } = await child
      const memoryMiB = memory.stop()
      const night = await nightIn(join(directory, 'reports'), all)
      const runs = await runsOf(night.directory, night.record.cells)
      const unlucky = runs.filter(({ fault, isWrong }) => fault !== undefined || isWrong)
      const wrong = runs.filter((run) => !rightBlames(run).includes(verdicts[run.attempt.verdict].blame))
      for (const run of wrong) process.stderr.write(`${describe(run)}\n`)
      const overhead = schedulingOverhead(night.record.cells)
      return [
        {
          what: `${night.record.cells.length} cells on ${boards} simulated boards`,
          measured: `${runs.length} runs, of which ${wrong.length} have the wrong blame`,
          peer: `${unlucky.length} met with a fault, of ${new Set(unlucky.map(kindOf)).size} kinds`,
          target: 'none',
          met: wrong.length === 0 && night.record.cells.every(({ outcome }) => outcome !== undefined),
        },
        {
          what: 'the night, beyond what its busiest board needs',
          measured: `${(overhead * 100).toFixed(2)} %`,
          target: 'under 5 %',
          met: overhead < 0.05,
        },
        {
          what: 'memory per board, the process tree together',
          measured: `${(memoryMiB / boards).toFixed(0)} MiB`,
          target: 'printed',
          met: true,
        },
      ]
    } finally {
      if (process.env['HIL_BENCH_KEEP'] === undefined) await rm(directory, { recursive: true })
      else process.stderr.write(`${directory} is kept\n`)
    }
  },
}

/** What came of one run, and what really happened in it. */
interface KnownRun {
  readonly cell: NightCell
  readonly attempt: CellAttempt
  readonly fault: Fault | undefined
  /** Whether its test is wrong. */
  readonly isWrong: boolean
}

async function nightIn(reports: string, printed: string) {
  const [name = ''] = (await readdir(reports).catch(() => [])).filter((each) => each.includes('nightly'))
  const directory = join(reports, name)
  const text = await readFile(join(directory, 'night.json'), 'utf8').catch(() => {
    throw new Error(printed)
  })
  return { directory, record: JSON.parse(text) as NightRecord }
}

async function runsOf(directory: string, cells: readonly NightCell[]): Promise<readonly KnownRun[]> {
  const runs: KnownRun[] = []
  for (const cell of cells) {
    for (const attempt of cell.attempts) {
      const fault = await drawnFault(join(directory, attempt.report ?? ''))
      runs.push({ cell, attempt, fault, isWrong: isWrong(cell) })
    }
  }
  return runs
}

/** What the simulator says that it has done. */
async function drawnFault(report: string): Promise<Fault | undefined> {
  const text = await readFile(join(report, 'events.jsonl'), 'utf8')
  for (const line of text.split('\n')) {
    if (!line.includes('draws a fault')) continue
    const event = JSON.parse(line) as RunEvent
    if (event.type === 'note') return faultSchema.parse(event.facts?.['fault'])
  }
  return undefined
}

function environment(): string {
  const lines = Array.from({ length: boards }, (_, board) => `  sim${board}:`)
  return `defaults:
  architecture: arm64
  compatible: linux,dummy-virt
  machine: { driver: simulator, draw: { rate: ${faultRate} } }
  bootloader: barebox
  timeouts: { states: { bootloader: 60s, linux: 60s, shell: 60s }, command: 60s }
boards:
${lines.join('\n')}
`
}

function plan(): string {
  const names = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => `  ${line(index)}\n`).join('')
  return `environment: ./lab.yaml
payloads:
${names(payloads, (index) => `p${index}: { bootargs: "payload=p${index}" }`)}specs:
${names(specs, (index) => `s${index}: s${index}.spec.ts`)}health: false
failure: { board-after: 0 }
`
}

/** One cell in fifty has a test that is wrong. */
function isWrong({ board, payload, spec }: Pick<NightCell, 'board' | 'payload' | 'spec'>): boolean {
  const [first = 0, second = 0, third = 0] = [board, payload, spec].map((name) =>
    Number(name.replace(/\D/g, '')),
  )
  return ((first * payloads + second) * specs + third) % 50 === 7
}

/** Which cell it is in tells the board and the kernel's command line. */
function specOf(spec: number): string {
  const wrong: string[] = []
  for (let board = 0; board < boards; board++) {
    for (let payload = 0; payload < payloads; payload++) {
      if (isWrong({ board: `sim${board}`, payload: `p${payload}`, spec: `s${spec}` }))
        wrong.push(`sim${board}/p${payload}`)
    }
  }
  return `import assert from 'node:assert/strict'
import { useBoard } from 'hil'
describe('cell', () => {
  const board = useBoard({ state: 'shell' })
  it('does its work', async () => {
    const line = (await board.shell.runOk('cat /proc/cmdline')).stdout
    const cell = board.name + '/' + /payload=(p\\d+)/.exec(line)?.[1]
    assert.ok(!${JSON.stringify(wrong)}.includes(cell), 'a bad day')
    await board.shell.runOk('true')
  })
})
`
}

function kindOf({ fault, isWrong }: KnownRun): string {
  return JSON.stringify(fault ?? { isWrong })
}

function describe(run: KnownRun): string {
  const { verdict, why } = run.attempt
  return `${run.cell.id}, ${kindOf(run)}: ${verdict}: ${why}`
}
