/**
 * Ends the process with one sentence where Node is too old for hil. Import it first, and load the rest
 * with `import()`: an old Node must not get to parse what it cannot understand.
 */
import { readFileSync } from 'fs'
import { satisfiesRange } from './node-range.mjs'

const packageJson = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
const range = JSON.parse(packageJson).engines.node
const version = process.versions.node

if (!satisfiesRange(version, range)) {
  const wanted = range.replace(/\s*\|\|\s*/g, ' or ')
  console.error(`hil needs Node ${wanted}, but ${process.execPath} is ${version}: install a newer one.`)
  process.exit(1)
}
