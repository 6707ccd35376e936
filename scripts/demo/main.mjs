import { join } from 'node:path'
import { explain } from '../setup/failure.mjs'
import { projectRoot } from '../setup/places.mjs'
import { runInForeground } from '../setup/run.mjs'
import { setUp } from '../setup/set-up.mjs'
import { makeBoard } from './make-board.mjs'

const goOn = `
What to do next:
  npx hil report open    # the page of this run
  npx hil init           # a board on your desk
  npx hil boot --env virt-uboot --kernel-tree ~/linux --console
                         # your own arm64 kernel, in QEMU`

const hil = join('dist', 'src', 'cli', 'main.js')

try {
  process.chdir(projectRoot)
  const missing = await setUp(['boards'])
  process.exitCode = missing.length === 0 ? await bootKernel() : await simulate()
} catch (error) {
  console.error(explain(error))
  process.exit(1)
}

async function bootKernel() {
  await makeBoard([process.execPath, hil])
  const exitCode = await runHil(['run', 'tests/boot.spec.ts', 'tests/demo', '--env', 'demo.yaml'])
  if (exitCode === 0) console.log(goOn)
  return exitCode
}

async function simulate() {
  console.log('Without these no kernel boots in QEMU: this demo runs on the simulator, with no real kernel.')
  return runHil(['run', 'tests/boot.spec.ts', '--env', 'sim-barebox.yaml'])
}

/** @param {readonly string[]} args */
async function runHil(args) {
  console.log(`\n$ npx hil ${args.join(' ')}`)
  return runInForeground(process.execPath, [hil, ...args])
}
