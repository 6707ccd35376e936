import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { explain } from '../setup/failure.mjs'
import { projectRoot } from '../setup/places.mjs'
import { runInForeground } from '../setup/run.mjs'
import { setUp } from '../setup/set-up.mjs'

const allTests = 'tests/{unit,contract,e2e}/**/*.test.ts'

process.chdir(projectRoot)
process.exitCode = await test(process.argv.slice(2))

/** @param {readonly string[]} args for mocha: options, and files or directories in place of all tests */
async function test(args) {
  try {
    await setUp(['boards', 'tests'])
  } catch (error) {
    console.error(explain(error))
    return conclude(1)
  }
  const directory = mkdtempSync(join(tmpdir(), 'hil-test-'))
  try {
    const summaryFile = join(directory, 'summary.json')
    return conclude(await runMocha(args, summaryFile), summaryFile)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/**
 * @param {readonly string[]} args
 * @param {string} summaryFile
 */
function runMocha(args, summaryFile) {
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

/**
 * Lists the skipped tests and prints the count. Tests that could not even be loaded count as one failure.
 *
 * @param {number} code
 * @param {string} [summaryFile]
 */
function conclude(code, summaryFile) {
  const { passed, failed, skipped } = readSummary(summaryFile)
  if (skipped.length > 0)
    console.log(`Skipped:\n${skipped.map((title) => `  - ${withReason(title)}`).join('\n')}\n`)
  console.log(
    `${passed} passed, ${code === 0 ? failed : Math.max(failed, 1)} failed, ${skipped.length} skipped`,
  )
  return code
}

/**
 * @param {string | undefined} file
 * @returns {import('./summary-reporter.mjs').Summary}
 */
function readSummary(file) {
  if (file === undefined || !existsSync(file)) return { passed: 0, failed: 0, skipped: [] }
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** @param {string} title */
function withReason(title) {
  return title.includes('[skipped: ') ? title : `${title} [skipped: no reason was given]`
}
