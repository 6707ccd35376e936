import Mocha from 'mocha'
import { leftOpen } from './left-open.mjs'
import { tellAndEnd, writeProgress } from './progress.mjs'

/**
 * mocha's own `spec` reporter, which also keeps in the file named by the reporter option `progress` how far the
 * tests have come, and ends mocha, with a word about it, where a test left something open that keeps it from
 * ending for longer than the reporter option `parting` says, in ms.
 */
export default class Reporter extends Mocha.reporters.Spec {
  /** @type {string[]} */
  #skipped = []
  /** @type {string[]} */
  #flaky = []
  /** @type {string[]} */
  #failures = []
  /** @type {string | undefined} why the test that runs failed at first */
  #firstFailure
  /** @type {Mocha.Test | undefined} */
  #test
  #file

  /**
   * @param {Mocha.Runner} runner
   * @param {Mocha.MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options)
    this.#file = String(options.reporterOptions.progress)
    runner.once('start', () => this.#note(undefined))
    runner.on('test', (test) => this.#note((this.#test = test)))
    // Hooks before each test run after this event, within the test.
    runner.on('hook', (hook) => this.#note(hook)).on('hook end', () => this.#note(this.#test))
    runner.on('test end', () => this.#note((this.#test = this.#firstFailure = undefined)))
    // A hook that fails does not end.
    runner.on('fail', (failed, error) => {
      this.#failures.push(`${failed.fullTitle()}: ${firstLines(error)}`)
      this.#note(undefined)
    })
    runner.on('retry', (_, error) => (this.#firstFailure ??= firstLine(error)))
    runner.on('pass', (test) => this.#noteRetries(test))
    runner.on('pending', (test) => this.#skipped.push(test.fullTitle()))
    runner.once('end', () => {
      this.#note(undefined, true)
      setTimeout(endAnyway, Number(options.reporterOptions.parting)).unref()
    })
    process.once(tellAndEnd, () => this.#tellAndEnd())
  }

  /** @param {Mocha.Test} test that passed */
  #noteRetries(test) {
    if (this.#firstFailure !== undefined) this.#flaky.push(`${test.fullTitle()}: ${this.#firstFailure}`)
  }

  /**
   * @param {Mocha.Runnable | undefined} running
   * @param {boolean} [ended]
   */
  #note(running, ended = false) {
    const { passes: passed, failures: failed } = this.stats
    writeProgress(this.#file, {
      passed,
      failed,
      skipped: this.#skipped,
      flaky: this.#flaky,
      failures: this.#failures,
      running: running && {
        title: running.fullTitle(),
        file: running.file ?? '',
        timeoutMs: running.timeout(),
      },
      ended,
      pid: process.pid,
    })
  }

  #tellAndEnd() {
    // What the `end` of a run computes, and `epilogue` prints.
    this.stats.duration = Date.now() - (this.stats.start?.getTime() ?? Date.now())
    if (this.stats.failures > 0) this.epilogue()
    console.error(`mocha has open:\n  ${leftOpen().join('\n  ')}`)
    process.exit(1)
  }
}

/**
 * What a person has to see first; all of it stands where the reporter tells of the failures.
 *
 * @param {unknown} error
 */
function firstLines(error) {
  const text = String(error instanceof Error ? (error.stack ?? error.message) : error)
  return text.split('\n').slice(0, 25).join('\n')
}

/** @param {unknown} error */
function firstLine(error) {
  return String(error instanceof Error ? error.message : error).split('\n', 1)[0]
}

/** A run that hangs after its last test says nothing at all; this one says what to look for, and its verdict stands. */
function endAnyway() {
  console.error(`mocha does not end by itself: a test left something open.\n  ${leftOpen().join('\n  ')}`)
  process.exit()
}
