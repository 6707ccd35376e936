import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { runInForeground } from '../setup/run.mjs'
import { conclusion } from './conclusion.mjs'
import { readProgress, sumOf, tellAndEnd } from './progress.mjs'
import { killPrograms, markedEnvironment, startedPrograms, untilEnded } from './started-programs.mjs'
import { untilOverdue } from './watchdog.mjs'

/** What mocha may take to say what it has open, in ms. */
const answerMs = 5000

/**
 * Runs mocha, and ends what hangs in it and what it leaves running, which would hold our output open and keep
 * whoever reads that waiting for ever. The count is printed last in any case.
 *
 * @param {readonly (readonly string[])[]} lanes arguments for mocha; each of them for one that runs beside the others.
 *   The first has our terminal, what the others say comes after it
 * @param {import('./watchdog.mjs').Limits} limits
 * @returns {Promise<number>} the exit code
 */
export async function runTests(lanes, limits) {
  const directory = mkdtempSync(join(tmpdir(), 'hil-test-'))
  const runs = lanes.map((args, index) => startLane(args, join(directory, `${index}`), index === 0, limits))
  const codes = []
  for (const { ended, output } of runs) {
    codes.push(await ended)
    if (output !== undefined) process.stdout.write(readFileSync(output))
  }
  const code = codes.find((each) => each !== 0) ?? 0
  console.log(conclusion(code, sumOf(runs.map(({ progressFile }) => readProgress(progressFile)))))
  rmSync(directory, { recursive: true })
  return code
}

/**
 * @param {readonly string[]} args
 * @param {string} directory
 * @param {boolean} hasTerminal
 * @param {import('./watchdog.mjs').Limits} limits
 */
function startLane(args, directory, hasTerminal, limits) {
  mkdirSync(directory)
  const progressFile = join(directory, 'progress.json')
  const output = hasTerminal ? undefined : join(directory, 'output')
  const ended = runMocha(args, { run: directory, progressFile, output, limits })
  return { ended, output, progressFile }
}

/**
 * @typedef {object} Run
 * @property {string} run its mark
 * @property {string} progressFile
 * @property {string | undefined} output the file that it writes to, where it has not our terminal
 * @property {import('./watchdog.mjs').Limits} limits
 */

/**
 * @param {readonly string[]} args
 * @param {Run} lane
 * @returns {Promise<number>} the exit code
 */
async function runMocha(args, lane) {
  const { run, progressFile, limits } = lane
  const mocha = startMocha(args, lane)
  const watch = new AbortController()
  const overdue = await Promise.race([
    mocha.then(() => undefined),
    untilOverdue(progressFile, limits, watch.signal),
  ])
  watch.abort()
  if (overdue !== undefined) {
    say(lane, `\n${overdue}\nPrograms that run:\n${listed(startedPrograms(run))}`)
    await askWhatIsOpen(mocha, lane)
    await killPrograms(run)
    return 1
  }
  const isAllOver = await endLeftPrograms(lane)
  return verdictOf(await mocha, isAllOver, lane)
}

/**
 * @param {readonly string[]} args
 * @param {Run} run
 */
function startMocha(args, { run, progressFile, output, limits }) {
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
    output,
  })
}

/**
 * @param {Promise<number>} mocha
 * @param {Run} lane
 */
async function askWhatIsOpen(mocha, lane) {
  const progress = readProgress(lane.progressFile)
  if (progress === undefined) return
  try {
    process.kill(progress.pid, tellAndEnd)
  } catch {
    return // It ended just now.
  }
  const hasAnswered = await Promise.race([mocha.then(() => true), wait(answerMs, false)])
  if (!hasAnswered)
    say(lane, 'mocha does not say what it has open: its thread is busy, or waits for a program.')
}

/**
 * @param {Run} lane
 * @returns {Promise<boolean>} whether all had ended by themselves
 */
async function endLeftPrograms(lane) {
  const left = await untilEnded(lane.run, lane.limits.partingMs)
  if (left.length === 0) return true
  say(lane, `Tests left programs running, which are killed now:\n${listed(left)}`)
  await killPrograms(lane.run)
  return false
}

/**
 * @param {number} code of mocha
 * @param {boolean} isAllOver
 * @param {Run} lane
 */
function verdictOf(code, isAllOver, lane) {
  if (code !== 0) return code
  const progress = readProgress(lane.progressFile)
  if (progress?.ended) return isAllOver ? 0 : 1
  const place = progress?.running === undefined ? '' : ` in "${progress.running.title}"`
  say(
    lane,
    `mocha ended early${place}, as if all were well: a test calls process.exit, or another reporter is set.`,
  )
  return 1
}

/**
 * @param {Run} lane
 * @param {string} text
 */
function say({ output }, text) {
  if (output === undefined) console.error(text)
  else appendFileSync(output, `${text}\n`)
}

/** @param {{ pid: number, command: string }[]} programs */
function listed(programs) {
  return programs.map(({ pid, command }) => `  ${pid}: ${command}`).join('\n')
}
