import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'

/**
 * How far the tests have come, in a file: whoever reads it depends on no event loop but its own.
 *
 * @typedef {object} Progress
 * @property {number} passed
 * @property {number} failed
 * @property {readonly string[]} skipped full titles; a skip's reason is in its title
 * @property {readonly string[]} flaky what passed only when it was tried again, and why it failed at first
 * @property {readonly string[]} failures what failed, tests and hooks, and why, with the first lines of its stack
 * @property {Running | undefined} running the test or hook that began last, until it ends
 * @property {boolean} ended whether mocha came to its end
 * @property {number} pid the process that runs the tests
 *
 * @typedef {object} Running
 * @property {string} title
 * @property {string} file
 * @property {number} timeoutMs 0 where it has none
 */

/** The signal that asks the process that runs the tests to say what it waits for, and to end. */
export const tellAndEnd = 'SIGUSR2'

/**
 * Whole or not at all, so that whoever reads it at that moment finds the last one.
 *
 * @param {string} file
 * @param {Progress} progress
 */
export function writeProgress(file, progress) {
  writeFileSync(`${file}.new`, JSON.stringify(progress))
  renameSync(`${file}.new`, file)
}

/**
 * @param {string} file
 * @returns {Progress | undefined} where mocha has not begun, or did not come that far
 */
export function readProgress(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * What several come to together; the first one that runs is told.
 *
 * @param {readonly (Progress | undefined)[]} all
 * @returns {Progress | undefined} where none has begun
 */
export function sumOf(all) {
  const [first, ...others] = all.filter((each) => each !== undefined)
  return others.reduce(
    (sum, each) =>
      sum && {
        passed: sum.passed + each.passed,
        failed: sum.failed + each.failed,
        skipped: [...sum.skipped, ...each.skipped],
        flaky: [...sum.flaky, ...each.flaky],
        failures: [...sum.failures, ...each.failures],
        running: sum.running ?? each.running,
        ended: sum.ended && each.ended,
        pid: sum.pid,
      },
    first,
  )
}

/**
 * When something began or ended last, in ms since the epoch.
 *
 * @param {string} file
 */
export function progressedAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs
}
