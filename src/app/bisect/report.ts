import { HilError } from '../../core/errors.ts'
import { writeReports } from './reports/write-reports.ts'
import { openStored, type BisectionArguments } from './stored-bisection.ts'

/** `hil bisect report`: makes its files anew, and prints the mail that tells of it. @returns the exit code */
export async function reportCommand(args: BisectionArguments, cwd = process.cwd()): Promise<number> {
  const mail = await writeReports(await openStored(args, cwd))
  if (mail === undefined) {
    throw new HilError('bisect.no-mail', 'there is nothing to tell anybody: no commit is suspected', {
      blame: 'environment',
    })
  }
  process.stdout.write(mail)
  return 0
}
