import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory of the suite's own, removed after each test. */
export function useScratch(): () => string {
  let directory: string | undefined
  afterEach(() => {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true })
    directory = undefined
  })
  return () => (directory ??= mkdtempSync(join(tmpdir(), 'hil-codecs-')))
}

export interface OracleOptions {
  readonly cwd?: string
  readonly input?: Uint8Array | string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a tool and gives its output; throws with its words when it fails. */
export function runTool(tool: string, args: readonly string[], options: OracleOptions = {}): Buffer {
  const { status, stdout, stderr, error } = spawnSync(tool, args, {
    cwd: options.cwd,
    input: options.input,
    env: { ...process.env, ...options.env },
    maxBuffer: 1 << 30,
  })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${tool} ${args.join(' ')} exited with ${status}: ${stderr.toString()}`)
  return stdout
}
