import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { runInForeground } from '../setup/run.mjs'
import { conclusion } from './conclusion.mjs'
import { readProgress, sumOf, tellAndEnd } from './progress.mjs'
import { killPrograms, markedEnvironment, startedPrograms, untilEnded } from './started-programs.mjs'
import { takeTurns } from './turns.mjs'
import { untilOverdue } from './watchdog.mjs'

/** What mocha may take to say what it has open, in ms. */
const answerMs = 5000

/** How many parts run beside each other: a third is no quicker on two processors. */
const partsAtOnce = 2

/**
 * Runs mocha, and ends what hangs in it and what it leaves running, which would hold our output open and keep
 * whoever reads that waiting for ever. The count is printed last in any case.
 *
 * @param {readonly (readonly string[])[]} parts arguments for mocha; each of them for one of its own, of which two run
 *   at a time. The first has our terminal, what the others say comes after it
 * @param {import('./watchdog.mjs').Limits} limits
 * @returns {Promise<number>} the exit code
 */
export async function runTests(parts, limits) {
  const directory = mkdtempSync(join(tmpdir(), 'hil-test-'))
  const runs = parts.map((args, index) => partOf(args, join(directory, `${index}`), index === 0, limits))
  const codes = []
  for (const { ended, output } of startInTurn(runs)) {
    codes.push(await ended)
    if (output !== undefined && existsSync(output)) process.stdout.write(readFileSync(output))
  }
  const code = codes.find((each) => each !== 0) ?? 0
  const progress = sumOf(runs.map(({ progressFile }) => readProgress(progressFile)))
  const complaints = runs.flatMap((run) => run.complaints)
  console.log(conclusion(code, progress && { ...progress, failures: [...progress.failures, ...complaints] }))
  rmSync(directory, { recursive: true })
  return code
}

/**
 * @param {readonly string[]} args
 * @param {string} directory
 * @param {boolean} hasTerminal
 * @param {import('./watchdog.mjs').Limits} limits
 * @returns {Run}
 */
function partOf(args, directory, hasTerminal, limits) {
  const progressFile = join(directory, 'progress.json')
  const output = hasTerminal ? undefined : join(directory, 'output')
  return { args, run: directory, progressFile, output, complaints: [], limits, allBegunAt: Date.now() }
}

/**
 * @param {readonly Run[]} runs
 * @returns {{ ended: Promise<number>, output: string | undefined }[]}
 */
function startInTurn(runs) {
  const inTurn = takeTurns(partsAtOnce)
  let isStopped = false
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (isStopped = true))
  return runs.map((run) => ({
    output: run.output,
    ended: inTurn(async () => {
      if (isStopped) return 1
      mkdirSync(run.run)
      return runMocha(run)
    }),
  }))
}

/**
 * @typedef {object} Run
 * @property {readonly string[]} args for mocha
 * @property {string} run its mark, and its directory
 * @property {string} progressFile
 * @property {string | undefined} output the file that it writes to, where it has not our terminal
 * @property {string[]} complaints what was said of it that is no test's failure
 * @property {import('./watchdog.mjs').Limits} limits
 * @property {number} allBegunAt when the first part began, in ms since the epoch
 */

/**
 * @param {Run} part
 * @returns {Promise<number>} the exit code
 */
async function runMocha(part) {
  const { run, progressFile, limits, allBegunAt } = part
  const mocha = startMocha(part)
  const watch = new AbortController()
  const overdue = await Promise.race([
    mocha.then(() => undefined),
    untilOverdue(progressFile, limits, watch.signal, allBegunAt),
  ])
  watch.abort()
  if (overdue !== undefined) {
    say(part, `\n${overdue}\nPrograms that run:\n${listed(startedPrograms(run))}`)
    await askWhatIsOpen(mocha, part)
    await killPrograms(run)
    return 1
  }
  const isAllOver = await endLeftPrograms(part)
  return verdictOf(await mocha, isAllOver, part)
}

/** @param {Run} part */
function startMocha({ args, run, progressFile, output, limits }) {
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
 * @param {Run} part
 */
async function askWhatIsOpen(mocha, part) {
  const progress = readProgress(part.progressFile)
  if (progress === undefined) return
  try {
    process.kill(progress.pid, tellAndEnd)
  } catch {
    return // It ended just now.
  }
  const hasAnswered = await Promise.race([mocha.then(() => true), wait(answerMs, false)])
  if (!hasAnswered)
    say(part, 'mocha does not say what it has open: its thread is busy, or waits for a program.')
}

/**
 * @param {Run} part
 * @returns {Promise<boolean>} whether all had ended by themselves
 */
async function endLeftPrograms(part) {
  const left = await untilEnded(part.run, part.limits.partingMs)
  if (left.length === 0) return true
  say(part, `Tests left programs running, which are killed now:\n${listed(left)}`)
  await killPrograms(part.run)
  return false
}

/**
 * @param {number} code of mocha
 * @param {boolean} isAllOver
 * @param {Run} part
 */
function verdictOf(code, isAllOver, part) {
  if (code !== 0) return code
  const progress = readProgress(part.progressFile)
  if (progress?.ended) return isAllOver ? 0 : 1
  const place = progress?.running === undefined ? '' : ` in "${progress.running.title}"`
  say(
    part,
    `mocha ended early${place}, as if all were well: a test calls process.exit, or another reporter is set.`,
  )
  return 1
}

/**
 * @param {Run} part
 * @param {string} text
 */
function say({ output, complaints }, text) {
  complaints.push(text.trim())
  if (output === undefined) console.error(text)
  else appendFileSync(output, `${text}\n`)
}

/** @param {{ pid: number, command: string }[]} programs */
function listed(programs) {
  return programs.map(({ pid, command }) => `  ${pid}: ${command}`).join('\n')
}
