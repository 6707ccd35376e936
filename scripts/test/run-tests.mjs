import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { runInForeground } from '../setup/run.mjs'
import { conclusion } from './conclusion.mjs'
import { readProgress, tellAndEnd } from './progress.mjs'
import { killPrograms, markedEnvironment, startedPrograms, untilEnded } from './started-programs.mjs'
import { untilOverdue } from './watchdog.mjs'

/** What mocha may take to say what it has open, in ms. */
const answerMs = 5000

/**
 * Runs mocha, and ends what hangs in it and what it leaves running, which would hold our output open and keep
 * whoever reads that waiting for ever. The count is printed last in any case.
 *
 * @param {readonly string[]} args for mocha
 * @param {import('./watchdog.mjs').Limits} limits
 * @returns {Promise<number>} the exit code
 */
export async function runTests(args, limits) {
  const directory = mkdtempSync(join(tmpdir(), 'hil-test-'))
  const progressFile = join(directory, 'progress.json')
  const code = await runMocha(args, { run: directory, progressFile, limits })
  console.log(conclusion(code, readProgress(progressFile)))
  rmSync(directory, { recursive: true })
  return code
}

/**
 * @typedef {object} Run
 * @property {string} run its mark
 * @property {string} progressFile
 * @property {import('./watchdog.mjs').Limits} limits
 */

/**
 * @param {readonly string[]} args
 * @param {Run} run
 * @returns {Promise<number>} the exit code
 */
async function runMocha(args, { run, progressFile, limits }) {
  const mocha = startMocha(args, { run, progressFile, limits })
  const watch = new AbortController()
  const overdue = await Promise.race([
    mocha.then(() => undefined),
    untilOverdue(progressFile, limits, watch.signal),
  ])
  watch.abort()
  if (overdue !== undefined) {
    console.error(`\n${overdue}\nPrograms that run:\n${listed(startedPrograms(run))}`)
    await askWhatIsOpen(mocha, readProgress(progressFile))
    await killPrograms(run)
    return 1
  }
  const isAllOver = await endLeftPrograms(run, limits.partingMs)
  return verdictOf(await mocha, isAllOver, readProgress(progressFile))
}

/**
 * @param {readonly string[]} args
 * @param {Run} run
 */
function startMocha(args, { run, progressFile, limits }) {
  const program = join('node_modules', 'mocha', 'bin', 'mocha.js')
  const options = [
    '--recursive',
    '--fail-zero',
    '--reporter=scripts/test/reporter.mjs',
    `--reporter-option=progress=${progressFile},parting=${limits.partingMs}`,
  ]
  return runInForeground(process.execPath, [program, ...options, ...args], {
    env: markedEnvironment(run),
    // mocha works in a child of its own, which it stops on SIGINT only.
    stopSignal: 'SIGINT',
  })
}

/**
 * @param {Promise<number>} mocha
 * @param {import('./progress.mjs').Progress | undefined} progress
 */
async function askWhatIsOpen(mocha, progress) {
  if (progress === undefined) return
  try {
    process.kill(progress.pid, tellAndEnd)
  } catch {
    return // It ended just now.
  }
  const hasAnswered = await Promise.race([mocha.then(() => true), wait(answerMs, false)])
  if (!hasAnswered)
    console.error('mocha does not say what it has open: its thread is busy, or waits for a program.')
}

/**
 * @param {string} run
 * @param {number} withinMs
 * @returns {Promise<boolean>} whether all had ended by themselves
 */
async function endLeftPrograms(run, withinMs) {
  const left = await untilEnded(run, withinMs)
  if (left.length === 0) return true
  console.error(`Tests left programs running, which are killed now:\n${listed(left)}`)
  await killPrograms(run)
  return false
}

/**
 * @param {number} code of mocha
 * @param {boolean} isAllOver
 * @param {import('./progress.mjs').Progress | undefined} progress
 */
function verdictOf(code, isAllOver, progress) {
  if (code !== 0) return code
  if (progress?.ended) return isAllOver ? 0 : 1
  const place = progress?.running === undefined ? '' : ` in "${progress.running.title}"`
  console.error(
    `mocha ended early${place}, as if all were well: a test calls process.exit, or another reporter is set.`,
  )
  return 1
}

/** @param {{ pid: number, command: string }[]} programs */
function listed(programs) {
  return programs.map(({ pid, command }) => `  ${pid}: ${command}`).join('\n')
}
