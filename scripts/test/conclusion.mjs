/**
 * What `npm test` prints last: every skipped test with its reason, then the count alone on a line.
 *
 * @param {number} code the exit code; with one that is not 0 at least one test counts as failed, because
 *   a file that could not be loaded is in no count of mocha's
 * @param {import('./progress.mjs').Progress | undefined} progress if mocha came that far
 */
export function conclusion(code, progress) {
  const { passed, failed, skipped, running } = progress ?? { passed: 0, failed: 0, skipped: [] }
  const skips =
    skipped.length === 0 ? [] : ['Skipped:', ...skipped.map((title) => `  - ${withReason(title)}`), '']
  // What was cut off in the middle has not passed.
  const failures = failed + (running === undefined ? 0 : 1)
  const atLeast = code === 0 ? 0 : 1
  return [
    ...skips,
    `${passed} passed, ${Math.max(failures, atLeast)} failed, ${skipped.length} skipped`,
  ].join('\n')
}

/** @param {string} title */
function withReason(title) {
  return title.includes('[skipped: ') ? title : `${title} [skipped: no reason was given]`
}
