import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { explain } from '../setup/failure.mjs'
import { projectRoot } from '../setup/places.mjs'
import { runInForeground } from '../setup/run.mjs'
import { setUp } from '../setup/set-up.mjs'
import { conclusion } from './conclusion.mjs'

const allTests = 'tests/{unit,contract,e2e}/**/*.test.ts'

process.chdir(projectRoot)
const directory = mkdtempSync(join(tmpdir(), 'hil-test-'))
const summaryFile = join(directory, 'summary.json')
process.exitCode = await test(process.argv.slice(2))
console.log(conclusion(process.exitCode, summaryFile))
rmSync(directory, { recursive: true })

/**
 * @param {readonly string[]} args for mocha: options, and files or directories in place of all tests
 * @returns {Promise<number>} the exit code
 */
async function test(args) {
  try {
    await setUp(['boards', 'tests'])
  } catch (error) {
    console.error(explain(error))
    return 1
  }
  const mocha = join('node_modules', 'mocha', 'bin', 'mocha.js')
  const options = [
    '--recursive',
    '--fail-zero',
    '--reporter=scripts/test/summary-reporter.mjs',
    `--reporter-option=summary=${summaryFile}`,
  ]
  const files = args.some(isTestPath) ? [] : [allTests]
  // mocha works in a child of its own, which it stops on SIGINT only.
  const stopSignal = 'SIGINT'
  const code = await runInForeground(process.execPath, [mocha, ...options, ...args, ...files], { stopSignal })
  if (code !== 0 || existsSync(summaryFile)) return code
  console.error(
    'mocha ended early, as if all were well: a test calls process.exit, or another reporter is set.',
  )
  return 1
}

/** @param {string} argument */
function isTestPath(argument) {
  return argument.startsWith('tests/') || argument.endsWith('.test.ts')
}
