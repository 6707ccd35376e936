/** Cases that can't be asked of a part, with the reason: no tests, so that no run counts them as skipped. */
const inapplicable = new WeakMap<Mocha.Suite, string[]>()

/** Leaves a case out of a part's suite, and out loud. */
export function leaveOut(suite: Mocha.Suite, title: string, reason: string): void {
  inapplicable.set(suite, [...(inapplicable.get(suite) ?? []), `${title}: ${reason}`])
}

/**
 * Prints, after the suites of a contract, which of its cases ran on which part: what holds for the
 * simulator alone is not proven for a board.
 */
export function summariseContract(contract: string, root: Mocha.Suite): void {
  const lines = root.suites.map((suite) => {
    const tests = testsOf(suite)
    const skipped = tests.filter((test) => test.pending).map((test) => test.title)
    const leftOut = suitesOf(suite).flatMap((each) => inapplicable.get(each) ?? [])
    const ran = tests.filter((test) => test.state === 'passed' || test.state === 'failed')
    const missing = [...skipped, ...leftOut].map((title) => `\n      not: ${title}`).join('')
    return `    ${ran.length} of ${tests.length + leftOut.length} cases on ${suite.title}${missing}`
  })
  process.stdout.write(`\n  ${contract}:\n${lines.join('\n')}\n`)
}

function testsOf(suite: Mocha.Suite): Mocha.Test[] {
  return suitesOf(suite).flatMap(({ tests }) => tests)
}

function suitesOf(suite: Mocha.Suite): Mocha.Suite[] {
  return [suite, ...suite.suites.flatMap(suitesOf)]
}
