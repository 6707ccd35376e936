import { messageOf } from '../../core/errors.ts'
import { verdictOf, verdicts } from '../../core/verdicts.ts'
import { driverChoices } from '../../environment/boards/driver-choices.ts'
import type { BoardSpec, Environment } from '../../environment/environment.ts'
import { loadEnvironment } from '../../environment/load-environment.ts'
import { displayPath } from '../../environment/problems/problems.ts'
import { resolveEnvironmentFile } from '../../environment/resolve-environment-file.ts'
import { planBoard } from '../../session/board/plan-board.ts'
import { shippedStrategies } from '../../strategy/load-strategy.ts'
import { catalogue } from '../catalogue.ts'

/** Reads the environment that a person names. @throws HilError `environment.*` (environment) */
export async function openEnvironment(name: string, cwd: string): Promise<Environment> {
  const file = await resolveEnvironmentFile(name, cwd)
  return loadEnvironment(file, { catalogue, strategies: await shippedStrategies(), cwd })
}

/**
 * `hil env check`: what is wrong in each file, on stdout.
 * @returns the exit code
 */
export async function checkEnvironments(names: readonly string[], cwd = process.cwd()): Promise<number> {
  let exitCode = 0
  for (const name of names) {
    try {
      const { file, boards, remarks } = await openEnvironment(name, cwd)
      const problems = await strategyProblems(boards)
      for (const problem of problems) process.stdout.write(`${displayPath(file, cwd)}: ${problem}\n`)
      if (problems.length > 0) {
        exitCode = verdicts[verdictOf('environment')].exit
        continue
      }
      const count = boards.length === 1 ? '1 board' : `${boards.length} boards`
      process.stdout.write(`${displayPath(file, cwd)}: ok, ${count}\n`)
      for (const remark of unverifiedDrivers(boards)) process.stdout.write(`  ${remark}\n`)
      for (const { line, column, message } of remarks) {
        process.stdout.write(`  ${displayPath(file, cwd)}:${line}:${column}: ${message}\n`)
      }
    } catch (error) {
      process.stdout.write(`${messageOf(error)}\n`)
      exitCode = verdicts[verdictOf('environment')].exit
    }
  }
  return exitCode
}

/** What is wrong with the strategies of boards, and with what is said of their states. */
async function strategyProblems(boards: readonly BoardSpec[]): Promise<readonly string[]> {
  const plans = await Promise.allSettled(boards.map(planBoard))
  return [...new Set(plans.flatMap((plan) => (plan.status === 'rejected' ? [messageOf(plan.reason)] : [])))]
}

/** What a person should know of drivers that nobody has confirmed, once for each driver. */
function unverifiedDrivers(boards: readonly BoardSpec[]): readonly string[] {
  const choices = boards.flatMap(driverChoices)
  const drivers = new Set(choices.flatMap(({ driver, options }) => [driver, ...driver.parts(options)]))
  const unverified = [...drivers].filter(({ unverified }) => unverified !== undefined)
  return unverified.map(({ kind, name, unverified }) => `${kind} "${name}" is unverified: ${unverified}`)
}

/** `hil env show` */
export async function printEnvironment(name: string, cwd = process.cwd()): Promise<number> {
  const { showEnvironment } = await import('../../environment/show-environment.ts')
  process.stdout.write(showEnvironment(await openEnvironment(name, cwd)))
  return 0
}

/** `hil env schema` */
export async function printEnvironmentSchema(): Promise<number> {
  const { environmentJsonSchema } = await import('../../environment/schema/json-schema.ts')
  process.stdout.write(`${JSON.stringify(environmentJsonSchema(catalogue), undefined, 2)}\n`)
  return 0
}
