import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import type { Catalogue } from '../board/driver.ts'
import { HilError } from '../core/errors.ts'
import { Redactor } from '../core/redaction.ts'
import type { BoardSpec, Environment } from './environment.ts'
import { expandBoards } from './source/expand-boards.ts'
import type { Variables } from './source/interpolate.ts'
import { loadFile } from './source/load-files.ts'
import { formatProblems, ProblemList, type Problem } from './problems/problems.ts'
import { readBoard } from './boards/read-board.ts'
import { isSecretName } from './secrets.ts'

export interface LoadOptions {
  /** The drivers that can be named. */
  readonly catalogue: Catalogue
  /** The names of the strategies that come with hil; without them any name is taken. */
  readonly strategies?: readonly string[]
  /** @default process.env */
  readonly variables?: Variables
  /** Where the person is: paths in variables are relative to it. @default process.cwd() */
  readonly cwd?: string
}

/**
 * Reads an environment, with defaults applied, paths absolute, and frozen.
 * @throws HilError `environment.invalid` (environment) with everything that is wrong: the message is
 *   the list, `details.problems` the same as data
 */
export async function loadEnvironment(file: string, options: LoadOptions): Promise<Environment> {
  const { cwd = process.cwd() } = options
  const { environment, problems } = await checkEnvironment(file, options)
  if (environment !== undefined) return environment
  throw new HilError('environment.invalid', formatProblems(problems, cwd), {
    blame: 'environment',
    details: { file: resolve(cwd, file), problems },
  })
}

export interface CheckedEnvironment {
  /** Absent when there are problems. */
  readonly environment: Environment | undefined
  readonly problems: readonly Problem[]
}

/** Like `loadEnvironment`, but returns what is wrong. */
export async function checkEnvironment(
  file: string,
  { catalogue, strategies, variables = process.env, cwd = process.cwd() }: LoadOptions,
): Promise<CheckedEnvironment> {
  const home = variables['HOME'] ?? homedir()
  const problems = new ProblemList()
  const scope = { variables: withCache(variables, home), problems, seen: new Set<string>() }
  const places = { cwd, home, problems }
  const files = new Set<string>()
  const absolute = resolve(cwd, file)
  const root = await loadFile(absolute, { ...places, scope, files })
  const boards: BoardSpec[] = []
  for (const board of root === undefined ? [] : expandBoards(root, scope)) {
    const spec = await readBoard(board, { ...places, catalogue, strategies })
    if (spec !== undefined) boards.push(spec)
  }
  const secretVariables = [...scope.seen].filter(isSecretName)
  const found = problems.list()
  const remarks = redact(problems.remarks(), secretVariables, variables)
  if (found.length > 0) return { environment: undefined, problems: redact(found, secretVariables, variables) }
  return {
    environment: deepFreeze({ file: absolute, files: [...files], secretVariables, boards, remarks }),
    problems: [],
  }
}

/** A value that is wrong is quoted, wherever it came from. */
function redact(problems: readonly Problem[], secretVariables: readonly string[], variables: Variables) {
  const redactor = new Redactor()
  for (const name of secretVariables) redactor.add(variables[name] ?? '')
  return redactor.redact(problems)
}

/** hil's cache is at a known place, wherever that is on this machine (XDG Base Directory Specification). */
function withCache(variables: Variables, home: string): Variables {
  const xdg = variables['XDG_CACHE_HOME']
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(home, '.cache')
  return { ...variables, HIL_CACHE: join(base, 'hil') }
}

/** Freezes plain objects and arrays. Drivers are shared and stay as they are. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  const plain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
  if (!plain || isDriver(value)) return value
  for (const child of Object.values(value)) deepFreeze(child)
  return Object.freeze(value)
}

function isDriver(value: object): boolean {
  return 'open' in value && 'schema' in value
}
