import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** The variable that every program of a test run inherits, wherever it hangs in the tree of processes. */
const variable = 'HIL_TEST_RUN'

/** How long a SIGKILL may take, in ms. */
const killMs = 5000

/**
 * The environment that marks programs as started by a run of tests. A run may be part of a test of another.
 *
 * @param {string} run a path, which no other run has
 * @returns {NodeJS.ProcessEnv}
 */
export function markedEnvironment(run) {
  return {
    ...process.env,
    [variable]: [...runsOf(process.env[variable]), run].join(':'),
    // Boards of tests are no concern of those who use real ones on this machine.
    HIL_LAB_DIRECTORY: join(run, 'lab'),
  }
}

/**
 * The programs that the run started and that still run.
 *
 * @param {string} run
 * @returns {{ pid: number, command: string }[]}
 */
export function startedPrograms(run) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isMarked(name, run))
    .map((pid) => ({ pid: Number(pid), command: read(`/proc/${pid}/cmdline`).split('\0').join(' ').trim() }))
    .filter(({ command }) => command !== '')
}

/**
 * Waits until what the run started has ended. Linux tells nobody, so this one looks again.
 *
 * @param {string} run
 * @param {number} withinMs
 * @returns {Promise<{ pid: number, command: string }[]>} what still runs then
 */
export async function untilEnded(run, withinMs) {
  const until = Date.now() + withinMs
  for (;;) {
    const programs = startedPrograms(run)
    if (programs.length === 0 || Date.now() >= until) return programs
    await wait(50)
  }
}

/**
 * Ends what the run started, and what that starts meanwhile.
 *
 * @param {string} run
 */
export async function killPrograms(run) {
  const until = Date.now() + killMs
  for (;;) {
    const programs = startedPrograms(run)
    if (programs.length === 0 || Date.now() >= until) return
    for (const { pid } of programs) kill(pid)
    await wait(50)
  }
}

/**
 * @param {string} pid
 * @param {string} run
 */
function isMarked(pid, run) {
  const line = read(`/proc/${pid}/environ`)
    .split('\0')
    .find((each) => each.startsWith(`${variable}=`))
  return runsOf(line?.slice(variable.length + 1)).includes(run)
}

/** @param {string | undefined} value */
function runsOf(value) {
  return value === undefined ? [] : value.split(':')
}

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has just ended, or is another user's.
  }
}

/**
 * Empty for a process that is gone, a zombie, or another user's.
 *
 * @param {string} file
 */
function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
