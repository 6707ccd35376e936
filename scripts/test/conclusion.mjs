import { existsSync, readFileSync } from 'node:fs'

/**
 * What `npm test` prints last: every skipped test with its reason, then the count alone on a line.
 *
 * @param {number} code mocha's exit code; with one that is not 0 at least one test counts as failed, because
 *   a file that could not be loaded is in no count of mocha's
 * @param {string} summaryFile what the reporter has written, if mocha came that far
 */
export function conclusion(code, summaryFile) {
  const { passed, failed, skipped } = readSummary(summaryFile)
  const skips =
    skipped.length === 0 ? [] : ['Skipped:', ...skipped.map((title) => `  - ${withReason(title)}`), '']
  const failures = code === 0 ? failed : Math.max(failed, 1)
  return [...skips, `${passed} passed, ${failures} failed, ${skipped.length} skipped`].join('\n')
}

/**
 * @param {string} file
 * @returns {import('./summary-reporter.mjs').Summary}
 */
function readSummary(file) {
  if (!existsSync(file)) return { passed: 0, failed: 0, skipped: [] }
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** @param {string} title */
function withReason(title) {
  return title.includes('[skipped: ') ? title : `${title} [skipped: no reason was given]`
}
