import { explain } from '../setup/failure.mjs'
import { minutesFrom } from '../setup/minutes.mjs'
import { projectRoot } from '../setup/places.mjs'
import { setUp } from '../setup/set-up.mjs'
import { conclusion } from './conclusion.mjs'
import { testParts } from './parts.mjs'
import { runTests } from './run-tests.mjs'

process.chdir(projectRoot)
process.exit(await test(process.argv.slice(2)))

/**
 * @param {readonly string[]} args for mocha: options, and files or directories in place of all tests
 * @returns {Promise<number>} the exit code
 */
async function test(args) {
  try {
    const stallMs = minutesFrom(process.env, 'HIL_TEST_STALL_MINUTES', 5)
    const totalMs = minutesFrom(process.env, 'HIL_TEST_TOTAL_MINUTES', 60)
    const limits = { startMs: stallMs, stallMs, totalMs, partingMs: 10_000 }
    await setUp(groupsFor((process.env['HIL_REQUIRE'] ?? '').split(',')))
    return await runTests(
      args.some(isTestPath) ? [args] : testParts().map((part) => [...args, ...part]),
      limits,
    )
  } catch (error) {
    console.error(explain(error))
    console.log(conclusion(1, undefined))
    return 1
  }
}

/**
 * @param {readonly string[]} demanded what tests must have
 * @returns {import('../setup/packages.mjs').Group[]}
 */
function groupsFor(demanded) {
  // These are too large to fetch for whoever has not asked for them.
  return ['boards', 'tests', ...(demanded.includes('linux-source') ? /** @type {const} */ (['kernels']) : [])]
}

/** @param {string} argument */
function isTestPath(argument) {
  return argument.startsWith('tests/') || argument.endsWith('.test.ts')
}
