#!/usr/bin/env node
import { checkNodeVersion } from './node-version.ts'

/** How long what was left open may keep the process alive after its work, in milliseconds. */
const patienceMs = 5000

checkNodeVersion()
// Only now: an old Node could not even parse what comes.
const [{ runCli }, { reportError }] = await Promise.all([import('./cli.ts'), import('./report-error.ts')])
process.on('uncaughtException', (error) => {
  process.exit(reportError(error))
})
process.stdout.on('error', ignoreLostReader)
process.stderr.on('error', ignoreLostReader)
process.exitCode = await runCli(process.argv.slice(2))
setTimeout(() => process.exit(), patienceMs).unref()

/** `hil fit inspect image.fit | head`: what nobody reads any more is dropped, and the command goes on. */
function ignoreLostReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}
