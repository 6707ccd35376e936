#!/usr/bin/env node
import { checkNodeVersion } from './node-version.ts'

checkNodeVersion()
// Only now: an old Node could not even parse what comes.
const { runCli } = await import('./cli.ts')
process.exitCode = await runCli(process.argv.slice(2))
