import { execa, type Options } from 'execa'
import { fileURLToPath } from 'node:url'
import { builtProgram } from '../../scripts/setup/dist.mjs'

const source = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const fromSource = ['--conditions=hil-source', '--import', import.meta.resolve('tsx'), source]
const built = builtProgram()

/**
 * What starts hil as a user would start it: compiled, as `npm test` has it done, or from its sources where these have
 * changed since, which takes a second longer each time.
 */
export const hilCommand: readonly [node: string, ...args: readonly string[]] = [
  process.execPath,
  ...(built === undefined ? fromSource : [built]),
]

export interface HilResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs the real `hil` in a process of its own, without a terminal.
 * @param options of execa: `cwd`, `env`, ...
 */
export async function runHil(words: readonly string[], options: Options = {}): Promise<HilResult> {
  const [node, ...args] = hilCommand
  const env = {
    NO_COLOR: '',
    FORCE_COLOR: undefined,
    HIL_LOG: undefined,
    HIL_DEBUG: undefined,
    // Of no weight to most tests, and its driver may be missing.
    HIL_HISTORY: 'off',
    ...options.env,
  }
  const result = await execa(node, [...args, ...words], {
    ...options,
    env,
    reject: false,
    stripFinalNewline: false,
  })
  if (result.exitCode === undefined) throw new Error(`hil was ended by ${result.signal ?? 'nobody'}`)
  return { exitCode: result.exitCode, stdout: String(result.stdout), stderr: String(result.stderr) }
}
