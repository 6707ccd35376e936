import { mkdirSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname } from 'node:path'
import { installPackages } from './apt-packages.mjs'
import { fetchDebianArm64, fetchDebianArm64Cloud } from './debian-arm64.mjs'
import { buildDist } from './dist.mjs'
import { addSystemDirectoriesToPath } from './find-command.mjs'
import { installNodeModules } from './node-modules.mjs'
import { setupReport } from './places.mjs'

/**
 * Makes a clone ready to use, step by step, doing only what is not done yet. What hil cannot do without
 * throws a `SetupError`; what it can is printed, with the command to type, and returned.
 *
 * @param {readonly import('./packages.mjs').Group[]} groups
 * @returns {Promise<import('./failure.mjs').Missing[]>}
 */
export async function setUp(groups) {
  const listening = exitOnSignals()
  try {
    addSystemDirectoriesToPath()
    await installNodeModules()
    await buildDist()
    const missing = [...(await installPackages(groups)), ...(await fetchDebianArm64())]
    if (groups.includes('tests')) missing.push(...(await fetchDebianArm64Cloud()))
    report(missing)
    return missing
  } finally {
    listening.stop()
  }
}

/** An exit, unlike death by a signal, lets every step remove what it has half made. */
function exitOnSignals() {
  /** @param {NodeJS.Signals} signal */
  const exit = (signal) => process.exit(128 + constants.signals[signal])
  process.on('SIGINT', exit).on('SIGTERM', exit)
  return { stop: () => process.off('SIGINT', exit).off('SIGTERM', exit) }
}

/** @param {readonly import('./failure.mjs').Missing[]} missing */
function report(missing) {
  mkdirSync(dirname(setupReport()), { recursive: true })
  writeFileSync(setupReport(), `${JSON.stringify({ missing }, undefined, 2)}\n`)
  for (const { what, reason, fix } of missing) {
    console.log(`Could not get ${what.join(', ')}: ${reason}.\n  To get it: ${fix}`)
  }
}
