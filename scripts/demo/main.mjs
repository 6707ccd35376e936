import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { explain } from '../setup/failure.mjs'
import { projectRoot } from '../setup/places.mjs'
import { runInForeground } from '../setup/run.mjs'
import { setUp } from '../setup/set-up.mjs'

try {
  process.chdir(projectRoot)
  const missing = await setUp(['boards'])
  process.exitCode = await runHil(missing.length === 0 ? 'virt-uboot.yaml' : 'sim-barebox.yaml')
} catch (error) {
  console.error(explain(error))
  process.exitCode = 1
}

/** @param {string} environment */
async function runHil(environment) {
  if (environment.startsWith('sim-')) {
    console.log(
      'Without these no kernel boots in QEMU: this demo runs on the simulator, with no real kernel.',
    )
  }
  const args = ['run', 'tests/boot.spec.ts', '--env', environment]
  console.log(`\n$ npx hil ${args.join(' ')}`)
  const before = reports()
  const code = await runInForeground(process.execPath, [join('dist', 'src', 'cli', 'main.js'), ...args])
  const made = reports().find((name) => !before.includes(name))
  if (made !== undefined) console.log(`\nThe report is in ${join('reports', made)}/`)
  return code
}

/** The directories of runs; `latest` is a link to one of them. */
function reports() {
  if (!existsSync('reports')) return []
  const entries = readdirSync('reports', { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}
