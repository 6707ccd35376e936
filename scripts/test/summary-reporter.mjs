import { writeFileSync } from 'node:fs'
import Mocha from 'mocha'
import { killChildren, leftOpen } from './left-open.mjs'

/** How long what the last test left open may take to close itself, in ms. */
const patience = 10_000

/**
 * mocha's own `spec` reporter, which also writes what it counted to the file named by the reporter option
 * `summary`, and ends mocha, with a word about it, where a test left something open that keeps it from ending.
 *
 * @typedef {object} Summary
 * @property {number} passed
 * @property {number} failed
 * @property {readonly string[]} skipped full titles; a skip's reason is in its title
 */
export default class SummaryReporter extends Mocha.reporters.Spec {
  /**
   * @param {Mocha.Runner} runner
   * @param {Mocha.MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options)
    /** @type {string[]} */
    const skipped = []
    runner.on('pending', (test) => skipped.push(test.fullTitle()))
    runner.once('end', () => {
      /** @type {Summary} */
      const summary = { passed: this.stats.passes, failed: this.stats.failures, skipped }
      writeFileSync(options.reporterOptions.summary, JSON.stringify(summary))
      setTimeout(endAnyway, patience).unref()
    })
  }
}

/** A run that hangs after its last test says nothing at all; this one says what to look for, and its verdict stands. */
function endAnyway() {
  console.error(`mocha does not end by itself: a test left something open.\n  ${leftOpen().join('\n  ')}`)
  killChildren()
  process.exit()
}
