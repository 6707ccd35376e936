import { mkdirSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { installPackages } from './apt-packages.mjs'
import { fetchDebianArm64, fetchDebianArm64Cloud } from './debian-arm64.mjs'
import { fetchDebianArm64Tools } from './debian-arm64-tools.mjs'
import { buildDist } from './dist.mjs'
import { SetupError } from './failure.mjs'
import { addSystemDirectoriesToPath } from './find-command.mjs'
import { fetchLabgrid } from './labgrid.mjs'
import { installNodeModules } from './node-modules.mjs'
import { inWords, minutesFrom } from './minutes.mjs'
import { fetchLinuxSource } from './linux-source.mjs'
import { fetchPeers } from './peers.mjs'
import { setupReport } from './places.mjs'
import { runningCommands } from './run.mjs'

/**
 * Makes a clone ready to use, step by step, doing only what is not done yet. What hil cannot do without
 * throws a `SetupError`; what it can is printed, with the command to type, and returned.
 *
 * Where `HIL_SETUP_MINUTES` sets a limit and it is over, that is a `SetupError` too: exit then, which ends what
 * still runs.
 *
 * @param {readonly import('./packages.mjs').Group[]} groups
 * @returns {Promise<import('./failure.mjs').Missing[]>}
 */
export async function setUp(groups) {
  const limitMs = minutesFrom(process.env, 'HIL_SETUP_MINUTES', 0)
  if (limitMs === Infinity) return takeSteps(groups)
  const limit = new AbortController()
  try {
    return await Promise.race([takeSteps(groups), failAfter(limitMs, limit.signal)])
  } finally {
    limit.abort()
  }
}

/**
 * @param {readonly import('./packages.mjs').Group[]} groups
 * @returns {Promise<import('./failure.mjs').Missing[]>}
 */
async function takeSteps(groups) {
  const listening = exitOnSignals()
  try {
    addSystemDirectoriesToPath()
    await installNodeModules()
    await buildDist()
    const missing = [...(await installPackages(groups)), ...(await fetchDebianArm64())]
    if (groups.includes('tests')) {
      missing.push(...(await fetchDebianArm64Cloud()), ...(await fetchDebianArm64Tools()))
      missing.push(...(await fetchPeers()), ...(await fetchLabgrid()))
    }
    if (groups.includes('kernels')) missing.push(...(await fetchLinuxSource()))
    report(missing)
    return missing
  } finally {
    listening.stop()
  }
}

/**
 * @param {number} limitMs
 * @param {AbortSignal} signal
 * @returns {Promise<never>}
 */
async function failAfter(limitMs, signal) {
  await wait(limitMs, undefined, { signal })
  throw new SetupError(
    `Set-up did not end within ${inWords(limitMs)}. Running is:`,
    runningCommands().join('\n'),
  )
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
