import { runCli } from '../../../src/cli/cli.ts'

/** Prints the help of each command that is named, a NUL in front of each. */
for (const path of process.argv.slice(2)) {
  process.stdout.write('\0')
  await runCli([...path.split(' ').filter((word) => word !== ''), '--help'])
}
