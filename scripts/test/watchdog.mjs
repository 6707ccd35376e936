import { inWords } from '../setup/minutes.mjs'
import { progressedAt, readProgress } from './progress.mjs'

/**
 * @typedef {object} Limits in ms, or Infinity
 * @property {number} startMs how long mocha may load files of tests
 * @property {number} stallMs how long nothing may begin or end; a test with a longer timeout of its own has that
 * @property {number} totalMs how long all tests together may take
 * @property {number} partingMs how long what tests started may take to end after the last of them
 */

/** What a test may take over its own timeout, in ms: mocha needs some time to say that it is over. */
const overtimeMs = 60_000

/** The longest time not to look, in ms: a timer of Node's knows no infinity. */
const longestLookMs = 300_000

/**
 * Waits until the tests take too long, whatever they hang in: it reads the file in which they keep how far
 * they have come, and needs nothing of their process.
 *
 * @param {string} progressFile
 * @param {Limits} limits
 * @param {AbortSignal} signal stops watching
 * @param {number} [allBegunAt] when the first of all tests began, in ms since the epoch
 * @returns {Promise<string>} a sentence that says what took too long; never settles where nothing does
 */
export function untilOverdue(progressFile, limits, signal, allBegunAt = Date.now()) {
  const begun = Date.now()
  return new Promise((resolve) => {
    const look = () => {
      const progress = readProgress(progressFile)
      const limitMs = progress === undefined ? limits.startMs : stallLimit(progress.running, limits)
      const toStall = (progressedAt(progressFile) ?? begun) + limitMs - Date.now()
      const toEnd = allBegunAt + limits.totalMs - Date.now()
      if (toEnd <= 0) resolve(`The tests did not end within ${inWords(limits.totalMs)}${where(progress)}`)
      else if (toStall <= 0) resolve(`No test ended for ${inWords(limitMs)}${where(progress)}`)
      else timer = setTimeout(look, Math.min(toStall, toEnd, limits.stallMs, longestLookMs))
    }
    let timer = setTimeout(look, 0)
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  })
}

/**
 * @param {import('./progress.mjs').Running | undefined} running
 * @param {Limits} limits
 */
function stallLimit(running, { stallMs }) {
  const timeoutMs = running?.timeoutMs ?? 0
  return timeoutMs === 0 ? stallMs : Math.max(stallMs, timeoutMs + overtimeMs)
}

/** @param {import('./progress.mjs').Progress | undefined} progress */
function where(progress) {
  if (progress === undefined) return ': mocha is still loading the files.'
  if (progress.ended) return ': all have, but mocha does not.'
  if (progress.running === undefined) return ', and none is running: something keeps mocha from going on.'
  return `. Running is "${progress.running.title}" of ${progress.running.file}.`
}
