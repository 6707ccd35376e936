import { mkdtempSync, rmSync } from 'node:fs'
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
  return runInForeground(process.execPath, [
    join('node_modules', 'mocha', 'bin', 'mocha.js'),
    '--recursive',
    '--fail-zero',
    '--reporter=scripts/test/summary-reporter.mjs',
    `--reporter-option=summary=${summaryFile}`,
    ...args,
    ...(args.some(isTestPath) ? [] : [allTests]),
  ])
}

/** @param {string} argument */
function isTestPath(argument) {
  return argument.startsWith('tests/') || argument.endsWith('.test.ts')
}
