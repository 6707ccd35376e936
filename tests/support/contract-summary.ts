/**
 * Prints, after the suites of a contract, which of its cases ran on which part: what holds for the
 * simulator alone is not proven for a board.
 */
export function summariseContract(contract: string, root: Mocha.Suite): void {
  const lines = root.suites.map((suite) => {
    const tests = testsOf(suite)
    const skipped = tests.filter((test) => test.pending)
    const ran = tests.length - skipped.length
    const missing = skipped.map((test) => `\n      not: ${test.title}`).join('')
    return `    ${ran} of ${tests.length} cases on ${suite.title}${missing}`
  })
  process.stdout.write(`\n  ${contract}:\n${lines.join('\n')}\n`)
}

function testsOf(suite: Mocha.Suite): Mocha.Test[] {
  return [...suite.tests, ...suite.suites.flatMap(testsOf)]
}
