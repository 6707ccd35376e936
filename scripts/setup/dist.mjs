import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { SetupError } from './failure.mjs'
import { projectRoot } from './places.mjs'
import { run } from './run.mjs'

const dist = join(projectRoot, 'dist')
const program = join(dist, 'src', 'cli', 'main.js')
const stampFile = join(dist, '.stamp')
const sources = ['src', 'strategies', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json']

/** Compiles what `hil` runs from, where a source changed since the last time. */
export async function buildDist() {
  const stamp = currentStamp()
  if (!isBuilt(stamp)) await compile(stamp)
  linkProgram()
}

/**
 * A short text that changes with any name, size or modification time below `paths`.
 *
 * @param {readonly string[]} paths files and directories; one that does not exist counts as such
 */
export function stampOf(paths) {
  const hash = createHash('sha256')
  for (const file of paths.flatMap(filesBelow).sort()) {
    const { mtimeMs, size } = statSync(file)
    hash.update(`${file}\0${mtimeMs}\0${size}\n`)
  }
  return hash.digest('hex')
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesBelow(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return []
  if (!stat.isDirectory()) return [path]
  return readdirSync(path).flatMap((name) => filesBelow(join(path, name)))
}

/** The compiled program, where it is that of the sources as they are now. */
export function builtProgram() {
  return isBuilt(currentStamp()) ? program : undefined
}

function currentStamp() {
  return stampOf(sources.map((source) => join(projectRoot, source)))
}

/** @param {string} stamp */
function isBuilt(stamp) {
  return existsSync(program) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp
}

/** @param {string} stamp */
async function compile(stamp) {
  console.log('Compiling src/ and strategies/ to dist/ (tsc)')
  // Its own notes would make tsc believe that outputs are there which somebody has removed.
  if (!existsSync(program)) rmSync(join(dist, '.tsbuildinfo'), { force: true })
  const tsc = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc')
  const { code, output } = await run(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
    cwd: projectRoot,
  })
  if (code !== 0) throw new SetupError('tsc found errors:', output)
  removeOrphans()
  writeFileSync(stampFile, stamp)
}

/** Removes what was compiled from a source that is gone: an import of it must fail. */
function removeOrphans() {
  for (const file of [join(dist, 'src'), join(dist, 'strategies')].flatMap(filesBelow)) {
    const source = join(projectRoot, relative(dist, file)).replace(/(\.d\.ts|\.js\.map|\.js)$/, '.ts')
    if (!existsSync(source)) rmSync(file)
  }
}

/** For `npx hil` in the clone, and for npm scripts. */
function linkProgram() {
  if (!existsSync(program)) return
  if ((statSync(program).mode & 0o111) === 0) chmodSync(program, 0o755)
  const directory = join(projectRoot, 'node_modules', '.bin')
  const link = join(directory, 'hil')
  if (existsSync(link)) return
  mkdirSync(directory, { recursive: true })
  rmSync(link, { force: true })
  symlinkSync(relative(directory, program), link)
}
