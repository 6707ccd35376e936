import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { didYouMean } from '../../../core/did-you-mean.ts'
import { HilError, messageOf } from '../../../core/errors.ts'
import { packageDirectory } from '../../../core/package-directory.ts'
import { checkOptions } from '../../../environment/schema/check-options.ts'
import type { Environment } from '../../../environment/environment.ts'
import { interpolate } from '../../../environment/source/interpolate.ts'
import { nodeAt, type MapNode, type Path } from '../../../environment/source/node.ts'
import { parseSource } from '../../../environment/source/parse-source.ts'
import { payloadSettings } from '../../../environment/schema/payload-schema.ts'
import { formatProblems, ProblemList } from '../../../environment/problems/problems.ts'
import { readText } from '../../../environment/source/read-text.ts'
import { selectBoards } from '../../../session/run-checks.ts'
import { openEnvironment } from '../../environment/environments.ts'
import { findSpecs } from '../../run/spec-files.ts'
import type { Plan, PlannedPayload, PlannedSpec } from './plan.ts'
import { planSchema, type PlanOptions } from './plan-schema.ts'

/**
 * Reads a plan and all it names but the payloads.
 * @throws HilError `nightly.plan` (environment) with everything that is wrong, each at its place; `environment.*`
 */
export async function readPlan(file: string, cwd: string): Promise<Plan> {
  const problems = new ProblemList()
  const path = resolve(cwd, file)
  const root = await readRoot(path, problems)
  const plan = root && (await check(root, path, cwd, problems))
  const found = problems.list()
  if (plan !== undefined && found.length === 0) return plan
  throw new HilError('nightly.plan', formatProblems(found, cwd), {
    blame: 'environment',
    details: { file: path, problems: found },
  })
}

async function readRoot(file: string, problems: ProblemList): Promise<MapNode | undefined> {
  const content = await readText(file)
  const source = { file, text: 'text' in content ? content.text : '' }
  problems.reading(source)
  const start = { source, offset: 0 }
  if ('failure' in content) {
    problems.add(start, `the plan ${content.failure}`)
    return undefined
  }
  const parsed = parseSource(source, problems)
  if (parsed?.kind !== 'map') {
    problems.add(start, 'a plan is a map with "environment", "payloads" and "specs"')
    return undefined
  }
  const scope = { variables: process.env, problems, seen: new Set<string>() }
  const root = interpolate(parsed, scope)
  return root.kind === 'map' ? root : undefined
}

async function check(
  root: MapNode,
  file: string,
  cwd: string,
  problems: ProblemList,
): Promise<Plan | undefined> {
  const subject = { schema: planSchema, root, key: root.place, name: 'the plan' }
  const options = checkOptions(subject, { cwd, home: homedir(), problems })?.options
  if (options === undefined) return undefined
  const complain = (at: Path, message: string) => {
    problems.add((nodeAt(root, at) ?? root).place, message)
  }
  const directory = dirname(file)
  const environment = await attempt(() => openNear(options.environment, directory, cwd), ['environment'])
  const boards = environment && chosenBoards(environment)
  const specs = Object.entries(options.specs).flatMap(([name, spec]) => toSpec(name, spec))
  const names = { payload: Object.keys(options.payloads), spec: Object.keys(options.specs) }
  for (const [index, exclusion] of options.exclude.entries()) {
    for (const kind of ['payload', 'spec'] as const) {
      for (const name of exclusion[kind] ?? []) {
        if (names[kind].includes(name)) continue
        complain(['exclude', index, kind], `there is no ${kind} "${name}"${hint(name, names[kind])}`)
      }
    }
    for (const name of exclusion.board ?? []) {
      const known = environment?.boards.map((board) => board.name) ?? [name]
      if (!known.includes(name))
        complain(['exclude', index, 'board'], `there is no board "${name}"${hint(name, known)}`)
    }
  }
  const { mail } = options
  if (mail !== undefined && (mail.smtp === undefined) === (mail.sendmail === undefined)) {
    complain(['mail'], 'a mail goes by "smtp" or by "sendmail": give one of them')
  }
  const health = healthOf(options.health)
  if (environment === undefined || boards === undefined) return undefined
  const { failure, hooks } = options
  return {
    ...{ file, environment, specs, health, mail },
    name: options.name ?? basename(file).replace(/\.ya?ml$/, ''),
    boards,
    payloads: Object.entries(options.payloads).map(([name, payload]) => toPayload(name, payload)),
    exclude: options.exclude,
    infrastructureRetries: options.cells['infrastructure-retries'],
    atOnce: options.cells['at-once'],
    timeMs: options.time,
    waitMs: options.wait,
    priority: options.priority,
    failure: {
      boardAfter: failure['board-after'],
      payloadAfter: failure['payload-after'],
      stopAfter: failure['stop-after'],
    },
    hooks: {
      ...{ before: hooks.before, after: hooks.after },
      ...{ cellBefore: hooks['cell-before'], cellAfter: hooks['cell-after'] },
    },
    bisect: options.bisect && {
      timeMs: options.bisect.time,
      builds: options.bisect.builds,
      powerCycles: options.bisect['power-cycles'],
      most: options.bisect.most,
    },
    webhooks: options.webhooks,
  }

  async function attempt<T>(work: () => Promise<T> | T, at: Path): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof HilError) || error.blame !== 'environment') throw error
      // What is wrong in another file was told at its own place.
      if (error.code === 'environment.invalid') throw error
      complain(at, messageOf(error))
      return undefined
    }
  }

  function chosenBoards(of: Environment) {
    try {
      const chosen = selectBoards(of, options?.boards ?? [], options?.tags)
      return of.boards.filter(({ name }) => chosen.includes(name))
    } catch (error) {
      if (!(error instanceof HilError)) throw error
      complain([error.code === 'environment.unknown-tag' ? 'tags' : 'boards'], error.message)
      return undefined
    }
  }

  function toSpec(name: string, spec: PlanOptions['specs'][string]): readonly PlannedSpec[] {
    const { cells } = options as PlanOptions
    const given = Array.isArray(spec) ? { files: spec, priority: 0 } : spec
    const files = found(given.files, ['specs', name])
    return [
      {
        ...{ name, files, grep: given.grep, state: given.state, priority: given.priority },
        testTimeoutMs: given['test-timeout'],
        timeoutMs: given.timeout ?? cells.timeout,
        retries: given.retries ?? cells.retries,
      },
    ]
  }

  function found(patterns: readonly string[], at: Path): readonly string[] {
    try {
      return findSpecs(patterns, directory).map((each) => resolve(directory, each))
    } catch (error) {
      if (!(error instanceof HilError)) throw error
      complain(at, error.message)
      return []
    }
  }

  function healthOf(given: PlanOptions['health']): Plan['health'] {
    if (given === false) return undefined
    if (given === true) return { specs: [defaultHealthSpec()], timeoutMs: defaultHealthMs }
    return { specs: found(given.specs, ['health', 'specs']), timeoutMs: given.timeout }
  }
}

/** It boots the board to its shell; compiled it lies beside the sources all the same. */
function defaultHealthSpec(): string {
  return join(packageDirectory(), 'tests/boot.spec.ts')
}

const defaultHealthMs = 10 * 60_000

/** Beside the plan, or where the person is. */
async function openNear(name: string, directory: string, cwd: string): Promise<Environment> {
  try {
    return await openEnvironment(name, directory)
  } catch (error) {
    if (!(error instanceof HilError) || error.code !== 'environment.not-found') throw error
    return openEnvironment(name, cwd)
  }
}

function toPayload(name: string, options: PlanOptions['payloads'][string]): PlannedPayload {
  const { branch, config, repository, build, bootargs, priority, ...payload } = options
  const settings = payloadSettings(payload)
  const place = settings.kernelTree ?? repository
  const isBuilt = branch !== undefined && place !== undefined
  return {
    ...{ name, priority, bootargs: bootargs ?? [] },
    settings,
    source: isBuilt ? { repository: place, branch, config, build } : undefined,
  }
}

function hint(name: string, known: readonly string[]): string {
  return didYouMean(name, known) || `; there are ${known.join(', ')}`
}
