import { readFile } from 'node:fs/promises'
import { writeFiles, type Files } from './environment-files.ts'
import { runHil, type HilResult } from './run-hil.ts'

/** An environment of simulated boards. @param extra YAML under each board */
export function simulatedBoards(names: readonly string[] = ['sim'], extra = ''): string {
  const board = (name: string) => `  ${name}:
    architecture: arm64
    compatible: linux,dummy-virt
    machine: simulator
    bootloader: barebox
${extra}`
  return `boards:\n${names.map(board).join('')}`
}

/** YAML of a board whose simulator has faults. @param faults such as `{ name: panic }` */
export function withFaults(...faults: readonly string[]): string {
  return simulatedBoards().replace(
    'machine: simulator',
    `machine:\n      driver: simulator\n      faults: [${faults.join(', ')}]`,
  )
}

/** A directory as a user has it, with environment and specs, and `hil` to run in it. */
export interface Bench extends Files {
  hil(words: readonly string[], environment?: Readonly<Record<string, string>>): Promise<HilResult>
  /** A file of the last run's report. */
  report(name: string): Promise<string>
  summary(): Promise<BenchSummary>
}

/** What tests ask of summary.json. */
export interface BenchSummary {
  readonly verdict?: string
  readonly interruptedBy?: string
  readonly boards: readonly { readonly name: string; readonly power: string }[]
  readonly tests: readonly { readonly outcome: string; readonly titles: readonly string[] }[]
}

export async function makeBench(files: Readonly<Record<string, string>>): Promise<Bench> {
  const written = await writeFiles({ 'env/sim.yaml': simulatedBoards(), ...files })
  const cwd = written.directory
  const report = (name: string) => readFile(written.path(`reports/latest/${name}`), 'utf8')
  return {
    ...written,
    hil: (words, env = {}) => runHil(words, { cwd, env }),
    report,
    summary: async () => JSON.parse(await report('summary.json')) as BenchSummary,
  }
}

/** The source of a spec that has a board at its shell. @param body tests, which may use `board` and `assert` */
export function shellSpec(body: string): string {
  return `import assert from 'node:assert/strict'
import { useBoard } from 'hil'
describe('suite', () => {
  const board = useBoard({ state: 'shell' })
  ${body}
})
`
}
