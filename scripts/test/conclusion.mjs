/**
 * What `npm test` prints last: every skipped test with its reason, every test that passed only when it was tried
 * again, every test that failed, with why (of a long log, often the end is all that is kept), then the count alone
 * on a line.
 *
 * @param {number} code the exit code; with one that is not 0 at least one test counts as failed, because
 *   a file that could not be loaded is in no count of mocha's
 * @param {import('./progress.mjs').Progress | undefined} progress if mocha came that far
 */
export function conclusion(code, progress) {
  const none = { passed: 0, failed: 0, skipped: [], flaky: [], failures: [], running: undefined }
  const { passed, failed, skipped, flaky, failures, running } = progress ?? none
  // What was cut off in the middle has not passed.
  const failedInAll = failed + (running === undefined ? 0 : 1)
  const atLeast = code === 0 ? 0 : 1
  return [
    ...list('Skipped', skipped.map(withReason)),
    ...list('Flaky, that is failed and then passed', flaky),
    ...list('Failed', failures.map(indented)),
    `${passed} passed, ${Math.max(failedInAll, atLeast)} failed, ${skipped.length} skipped`,
  ].join('\n')
}

/**
 * @param {string} heading
 * @param {readonly string[]} items
 */
function list(heading, items) {
  return items.length === 0 ? [] : [`${heading}:`, ...items.map((item) => `  - ${item}`), '']
}

/** @param {string} title */
function withReason(title) {
  return title.includes('[skipped: ') ? title : `${title} [skipped: no reason was given]`
}

/** @param {string} text of several lines */
function indented(text) {
  return text.replaceAll('\n', '\n    ')
}
