import { readFile, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'
import { importLabgrid } from '../../environment/labgrid/import.ts'
import { displayPath } from '../../environment/problems/problems.ts'
import { openEnvironment } from './environments.ts'

/**
 * `hil env import`: an environment of labgrid in the words of ours. Relative paths in it are relative to the file that
 * is written; on stdout to the one that was read.
 * @throws HilError `environment.*` (environment)
 */
export async function importEnvironment(
  name: string,
  output: string | undefined,
  cwd = process.cwd(),
): Promise<number> {
  const { file } = await openEnvironment(name, cwd)
  const target = output === undefined ? undefined : resolve(cwd, output)
  const imported = importLabgrid({
    ...{ file, text: await readFile(file, 'utf8'), variables: process.env },
    directory: dirname(target ?? file),
  })
  if (imported === undefined) throw notLabgrid(displayPath(file, cwd))
  if (target === undefined) process.stdout.write(imported.yaml)
  else {
    await writeNew(target, imported.yaml, cwd)
    const remarks = imported.remarks.length === 0 ? '' : '; comments in it say what was not taken over'
    process.stdout.write(`${displayPath(target, cwd)} was written${remarks}\n`)
  }
  return 0
}

async function writeNew(target: string, yaml: string, cwd: string): Promise<void> {
  try {
    await writeFile(target, yaml, { flag: 'wx' })
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === 'EEXIST'
    const why = exists
      ? 'is there already: name another file, or take it away'
      : `can't be written: ${reasonOf(cause)}`
    throw new HilError('environment.not-written', `${displayPath(target, cwd)} ${why}`, {
      blame: 'environment',
      details: { target },
      cause,
    })
  }
}

function notLabgrid(file: string): HilError {
  return new HilError(
    'environment.not-labgrid',
    `${file} is an environment of hil already; only one of labgrid, with "targets", can be imported`,
    { blame: 'environment', details: { file } },
  )
}
