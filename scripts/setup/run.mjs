import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname } from 'node:path'

/** Groups of processes that end with this one: dpkg-deb, for one, works through children. @type {Set<number>} */
const groups = new Set()
process.on('exit', () => groups.forEach(killGroup))

/**
 * Runs a program to its end and keeps what it said. A program that fails, or is not there (127), is no
 * exception: look at `code`.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string }} [options]
 * @returns {Promise<{ code: number, stdout: string, output: string }>} `output` is both streams as they came
 */
export function run(command, args, options = {}) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const group = child.pid ?? 0
  if (group > 0) groups.add(group)
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
      groups.delete(group)
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
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 127, output: error.message }))
    child.once('close', (code, signal) => {
      resolve({ code: exitCode(code, signal), output: readFileSync(logFile, 'utf8') })
    })
  })
}

/**
 * Runs a program on our terminal, and leaves Ctrl-C to it: it may have a board to switch off.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ stopSignal?: NodeJS.Signals }} [options] `stopSignal` is what a SIGTERM is passed on as
 * @returns {Promise<number>} its exit code; 128 and the signal's number where we or it got one
 */
export function runInForeground(command, args, { stopSignal = 'SIGTERM' } = {}) {
  const child = spawn(command, args, { stdio: 'inherit' })
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
