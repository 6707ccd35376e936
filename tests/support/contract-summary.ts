/** Cases that can't be asked of a part, with the reason: no tests, so that no run counts them as skipped. */
const inapplicable = new WeakMap<Mocha.Suite, string[]>()

/** Leaves a case out of a part's suite, and out loud. */
export function leaveOut(suite: Mocha.Suite, title: string, reason: string): void {
  inapplicable.set(suite, [...(inapplicable.get(suite) ?? []), `${title}: ${reason}`])
}

/**
 * Prints, after the suites of a contract, which of its cases passed on which part: what holds for the
 * simulator alone is not proven for a board.
 */
export function summariseContract(contract: string, root: Mocha.Suite): void {
  const parts = root.suites.map(summarise).filter((part) => part !== undefined)
  process.stdout.write(`\n  ${contract}:\n${parts.join('\n')}\n`)
}

/** @returns `undefined` for a part that this run was not asked about (`--grep`) */
function summarise(suite: Mocha.Suite): string | undefined {
  const tests = testsOf(suite)
  const leftOut = suitesOf(suite).flatMap((each) => inapplicable.get(each) ?? [])
  const skipped = tests.filter((test) => test.pending).map((test) => test.title)
  const failed = tests.filter((test) => test.state === 'failed').map((test) => test.title)
  const passed = tests.filter((test) => test.state === 'passed').length
  if (skipped.length + failed.length + passed === 0) return undefined
  const isSkipped = skipped.length === tests.length
  return [
    `    ${passed} of ${tests.length + leftOut.length} cases on ${suite.title}`,
    ...failed.map((title) => `      failed: ${title}`),
    // That a whole part is missing says its title.
    ...[...(isSkipped ? [] : skipped), ...leftOut].map((title) => `      not: ${title}`),
  ].join('\n')
}

function testsOf(suite: Mocha.Suite): Mocha.Test[] {
  return suitesOf(suite).flatMap(({ tests }) => tests)
}

function suitesOf(suite: Mocha.Suite): Mocha.Suite[] {
  return [suite, ...suite.suites.flatMap(suitesOf)]
}
