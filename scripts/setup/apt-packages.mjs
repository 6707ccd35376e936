import { join } from 'node:path'
import { aptComplaint } from './apt-complaint.mjs'
import { findCommand, isThere } from './find-command.mjs'
import { packages } from './packages.mjs'
import { cacheDirectory } from './places.mjs'
import { run, runUnstoppably } from './run.mjs'

/**
 * Installs what is missing of the given groups with the machine's apt, as root or through `sudo -n`.
 *
 * @param {readonly import('./packages.mjs').Group[]} groups
 * @returns {Promise<import('./failure.mjs').Missing[]>} what could not be had
 */
export async function installPackages(groups) {
  const names = missingPackages(groups)
  if (names.length === 0) return []
  if (findCommand('apt-get') === undefined) {
    const reason = 'this machine has no apt-get (hil sets itself up on Debian and Ubuntu only)'
    return [{ what: names, reason, fix: `install what gives you ${proofsOf(names).join(', ')}` }]
  }
  const asRoot = await rootPrefix()
  if (asRoot === undefined) {
    return [{ what: names, reason: 'neither root nor `sudo -n` is to be had', fix: installCommand(names) }]
  }
  console.log(`Installing ${names.join(', ')} (apt-get)`)
  return install(names, asRoot)
}

/** @param {readonly import('./packages.mjs').Group[]} groups */
function missingPackages(groups) {
  return packages
    .filter(({ group, proof }) => groups.includes(group) && !isThere(proof))
    .map(({ name }) => name)
}

/** @param {readonly string[]} names */
function proofsOf(names) {
  return packages.filter(({ name }) => names.includes(name)).map(({ proof }) => proof)
}

/** @param {readonly string[]} names */
function installCommand(names) {
  return `sudo apt-get update && sudo apt-get install --no-install-recommends ${names.join(' ')}`
}

/** What makes a command run as root: nothing, sudo, or undefined where neither can be had. */
async function rootPrefix() {
  if (process.getuid?.() === 0) return []
  const { code } = await run('sudo', ['-n', 'true'])
  return code === 0 ? ['sudo', '-n'] : undefined
}

/**
 * @param {readonly string[]} names
 * @param {readonly string[]} asRoot
 * @returns {Promise<import('./failure.mjs').Missing[]>}
 */
async function install(names, asRoot) {
  if ((await aptGet(asRoot, ['install', ...names])).code === 0) return []
  // The usual cause: package lists that are old, or that were never fetched, as in a container.
  const update = await aptGet(asRoot, ['update'])
  const { code, output } = await aptGet(asRoot, ['install', ...names])
  if (code === 0) return []
  // A package that this release does not have must not keep the others away.
  if (names.length > 1) for (const name of names) await aptGet(asRoot, ['install', name])
  const what = names.filter((name) => !proofsOf([name]).every(isThere))
  if (what.length === 0) return []
  return [
    { what, reason: `apt-get said "${aptComplaint(output + update.output)}"`, fix: installCommand(what) },
  ]
}

const aptOptions = [
  '--yes',
  '--no-install-recommends',
  '--option=DPkg::Lock::Timeout=120',
  '--option=Acquire::Retries=1',
  '--option=Acquire::http::Timeout=20',
  '--option=Acquire::https::Timeout=20',
]

/**
 * Unstoppable, because a dpkg that was stopped half-way has to be repaired by hand.
 *
 * @param {readonly string[]} asRoot
 * @param {readonly string[]} args
 */
function aptGet(asRoot, args) {
  const [command = '', ...rest] = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get']
  return runUnstoppably(command, [...rest, ...aptOptions, ...args], join(cacheDirectory(), 'apt-get.log'))
}
