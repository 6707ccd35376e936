import { HilError } from '../../core/errors.ts'
import { openStored, type BisectionArguments } from './stored-bisection.ts'
import { materialOf, writePage } from './write-page.ts'

/** `hil bisect report`: its page anew, and the mail that tells of it on stdout. @returns the exit code */
export async function reportCommand(args: BisectionArguments, cwd = process.cwd()): Promise<number> {
  const stored = await openStored(args, cwd)
  await writePage(stored)
  const { mail } = await materialOf(stored)
  if (mail === undefined) {
    throw new HilError('bisect.no-mail', 'there is nothing to tell anybody: no commit is suspected', {
      blame: 'environment',
    })
  }
  process.stdout.write(mail)
  return 0
}
