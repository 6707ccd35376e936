import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname } from 'node:path'

/**
 * What runs now, by the id of its process. With `run` that is also the id of a group, which ends with this process:
 * dpkg-deb, for one, works through children.
 *
 * @type {Map<number, { command: string, isOurs: boolean }>}
 */
const running = new Map()
process.on('exit', () => {
  for (const [group, { isOurs }] of running) if (isOurs) killGroup(group)
})

/** The commands that set-up waits for. */
export function runningCommands() {
  return [...running.values()].map(({ command }) => command)
}

/**
 * Runs a program to its end and keeps what it said. A program that fails, or is not there (127), is no
 * exception: look at `code`.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ code: number, stdout: string, output: string }>} `output` is both streams as they came
 */
export function run(command, args, options = {}) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  note(child, [command, ...args], true)
  let stdout = ''
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => (output += text))
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 127, stdout, output: error.message }))
    child.once('close', (code, signal) => {
      running.delete(child.pid ?? 0)
      resolve({ code: exitCode(code, signal), stdout, output })
    })
  })
}

/**
 * Like `run`, for what must not stop half-way: it goes on when this process is interrupted, and even when it
 * is killed, because it is in a group of its own and writes to a file.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} logFile
 * @returns {Promise<{ code: number, output: string }>}
 */
export function runUnstoppably(command, args, logFile) {
  mkdirSync(dirname(logFile), { recursive: true })
  const log = openSync(logFile, 'w')
  const child = spawn(command, args, { stdio: ['ignore', log, log], detached: true })
  closeSync(log)
  note(child, [command, ...args], false)
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 127, output: error.message }))
    child.once('close', (code, signal) => {
      running.delete(child.pid ?? 0)
      resolve({ code: exitCode(code, signal), output: readFileSync(logFile, 'utf8') })
    })
  })
}

/**
 * Runs a program on our terminal, or with its output in a file, and leaves Ctrl-C to it: it may have a board to switch
 * off.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ stopSignal?: NodeJS.Signals, env?: NodeJS.ProcessEnv, output?: string | undefined }} [options]
 *   `stopSignal` is what a SIGTERM is passed on as
 * @returns {Promise<number>} its exit code; 128 and the signal's number where we or it got one
 */
export function runInForeground(command, args, { stopSignal = 'SIGTERM', env = process.env, output } = {}) {
  const file = output === undefined ? undefined : openSync(output, 'a')
  const child = spawn(command, args, { stdio: ['inherit', file ?? 'inherit', file ?? 'inherit'], env })
  if (file !== undefined) closeSync(file)
  /** @type {NodeJS.Signals | null} */
  let received = null
  const onInterrupt = () => void (received = 'SIGINT')
  const onTerminate = () => {
    received = 'SIGTERM'
    child.kill(stopSignal)
  }
  process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate)
      resolve(exitCode(code, received ?? signal))
    })
  })
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {readonly string[]} command
 * @param {boolean} isOurs
 */
function note({ pid }, command, isOurs) {
  if (pid !== undefined) running.set(pid, { command: command.join(' '), isOurs })
}

/** @param {number} group */
function killGroup(group) {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // It has just ended.
  }
}

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function exitCode(code, signal) {
  return signal === null ? (code ?? 1) : 128 + constants.signals[signal]
}
