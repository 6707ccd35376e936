import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SetupError } from './failure.mjs'
import { nodeHeaders } from './node-headers.mjs'
import { projectRoot } from './places.mjs'
import { run } from './run.mjs'

/** Runs `npm ci` where node_modules is not what package-lock.json asks for. */
export async function installNodeModules() {
  if (areNodeModulesCurrent(projectRoot)) return
  console.log('Installing the npm packages (npm ci)')
  const { code, output } = await runNpm(['ci', '--include=dev', '--no-audit', '--no-fund'])
  if (code !== 0) throw new SetupError('npm ci failed:', output)
}

/**
 * npm leaves in node_modules/.package-lock.json what it has installed, and writes it last: an interrupted
 * installation leaves none. So no stamp of ours is needed.
 *
 * @param {string} root
 */
export function areNodeModulesCurrent(root) {
  const wanted = readLockedPackages(join(root, 'package-lock.json'))
  const installed = readLockedPackages(join(root, 'node_modules', '.package-lock.json'))
  if (wanted === undefined || installed === undefined) return false
  return Object.entries(wanted).every(
    ([path, { version, integrity, optional }]) =>
      path === '' ||
      optional === true ||
      (installed[path]?.version === version && installed[path]?.integrity === integrity),
  )
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, integrity?: string, optional?: boolean }> | undefined}
 */
function readLockedPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}

/** @param {readonly string[]} args */
function runNpm(args) {
  const script = process.env['npm_execpath'] ?? ''
  const nodedir = nodeHeaders()
  const env = { ...(nodedir !== undefined && { npm_config_nodedir: nodedir }), ...process.env }
  const options = { cwd: projectRoot, env }
  // Within `npm run` this is the npm that was called, which need not be the one on PATH.
  if (script.endsWith('npm-cli.js')) return run(process.execPath, [script, ...args], options)
  return run('npm', args, options)
}
