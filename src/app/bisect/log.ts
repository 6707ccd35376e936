import { HilError } from '../../core/errors.ts'
import { bisectLog, type Contains } from './git/bisect-log.ts'
import { openStored, readRange, type BisectionArguments, type StoredBisection } from './stored-bisection.ts'

/** `hil bisect log`: for `git bisect replay`. @returns the exit code */
export async function logCommand(args: BisectionArguments, cwd = process.cwd()): Promise<number> {
  const text = await logOf(await openStored(args, cwd))
  if (text === undefined) {
    throw new HilError(
      'bisect.no-log',
      'this bisection was one of payloads that were there already: git knows nothing of them',
      { blame: 'environment' },
    )
  }
  process.stdout.write(text)
  return 0
}

/** @returns undefined for a bisection of ready payloads */
export async function logOf({ directory, record }: StoredBisection): Promise<string | undefined> {
  const { graph } = await readRange(directory, record)
  const contains: Contains = (commit, ancestor) => {
    const [outer, inner] = [graph.indexOf(commit), graph.indexOf(ancestor)]
    return (
      commit === ancestor ||
      (outer !== undefined && inner !== undefined && graph.ancestorsOf(outer)[inner] === 1)
    )
  }
  return bisectLog(record, contains)
}
