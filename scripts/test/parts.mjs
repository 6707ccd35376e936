import { readdirSync } from 'node:fs'

/** Directories of `tests/e2e` that take about as long together as the next line. What is new comes to the last part. */
const together = [['cli', 'lab', 'labgrid'], ['payload'], ['bisect', 'barebox', 'netboot', 'userspace']]

/**
 * All tests, in parts of which two are run at a time: the one that computes first, and beside it and after it those
 * that mostly wait for boards and programs.
 *
 * @param {readonly string[]} [ofE2e] what is in `tests/e2e`
 * @returns {readonly (readonly string[])[]} files, as mocha takes them
 */
export function testParts(ofE2e = readdirSync('tests/e2e')) {
  const named = new Set(together.flat())
  const rest = ofE2e.filter((name) => !named.has(name))
  const ofDirectories = [...together, rest].map((part) => part.map(filesOf))
  return [['tests/unit/**/*.test.ts'], ['tests/contract/**/*.test.ts'], ...ofDirectories]
}

/** @param {string} name */
function filesOf(name) {
  return name.endsWith('.ts') ? `tests/e2e/${name}` : `tests/e2e/${name}/**/*.test.ts`
}
