import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'

/** What `programs/fuzz.ts` is told. */
export interface FuzzOrder {
  readonly target: string
  readonly runs: number
  readonly seed: number
  /** Of the failing input, as fast-check names it: only this one is tried, and what it shrinks to. */
  readonly path: string | undefined
  /** Time of the processor for one input, in milliseconds. */
  readonly inputMs: number
  /** Holds the number of the input that is tried. */
  readonly progressFile: string
}

/** What it says when it is done. */
export interface FuzzReport {
  readonly inputs: number
  readonly milliseconds: number
  /** Of the whole process, in bytes. */
  readonly peakMemory: number
  failure?: {
    readonly seed: number
    readonly path: string
    readonly sample: string
    readonly mutations: string
    readonly hex: string
    readonly error: string
  }
}

/** An input that is not done with by then has no end. */
const inputMs = 2000
const hangMs = 20_000
const program = fileURLToPath(new URL('../programs/fuzz.ts', import.meta.url))

/**
 * Tries mutated inputs on a target. Throws for a wrong result, an error of another kind, an input that takes
 * too long, or one that never ends; the message says how to try just this input again.
 */
export async function fuzz(order: Pick<FuzzOrder, 'target' | 'runs' | 'seed' | 'path'>): Promise<FuzzReport> {
  const directory = mkdtempSync(join(tmpdir(), 'hil-fuzz-'))
  const progressFile = join(directory, 'progress')
  try {
    const child = execa(
      process.execPath,
      [
        '--conditions=hil-source',
        '--import=tsx',
        program,
        JSON.stringify({ ...order, inputMs, progressFile }),
      ],
      { reject: false, maxBuffer: 1 << 24 },
    )
    const hung = watch(progressFile, () => child.kill('SIGKILL'))
    const { stdout, stderr } = await child
    const at = hung()
    if (at !== undefined)
      throw new Error(`${order.target}: input ${at} has no end\n${replay(order.target, order.seed, at)}`)
    if (stdout === '') throw new Error(`${order.target}: the process died: ${stderr}`)
    const report = JSON.parse(stdout) as FuzzReport
    if (report.failure !== undefined) throw new Error(describeFailure(order.target, report.failure))
    return report
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** @returns ends the watch, and says which input had no end */
function watch(progressFile: string, stop: () => void): () => string | undefined {
  let last: string | undefined
  let hung: string | undefined
  const timer = setInterval(() => {
    const now = readProgress(progressFile)
    if (now !== undefined && now === last) {
      hung = now
      stop()
    }
    last = now
  }, hangMs)
  return () => {
    clearInterval(timer)
    return hung
  }
}

function readProgress(file: string): string | undefined {
  try {
    return readFileSync(file).readBigUInt64LE().toString()
  } catch {
    // It was not begun yet.
    return undefined
  }
}

function describeFailure(
  target: string,
  { seed, path, sample, mutations, hex, error }: NonNullable<FuzzReport['failure']>,
) {
  return `${target}, made of ${sample} by ${mutations}\n${error}\nthe input: ${hex}\n${replay(target, seed, path)}`
}

function replay(target: string, seed: number, path: string): string {
  return `to try it again: HIL_FUZZ_SEED=${seed} HIL_FUZZ_PATH=${path} npx mocha tests/unit/fuzz.test.ts --grep '${target}'`
}
