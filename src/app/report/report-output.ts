import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'

/** Whether a file is to be a page, by its name. */
export function isPage(file: string | undefined): file is string {
  return file !== undefined && /\.html?$/i.test(file)
}

/**
 * Writes what a command made to the file that was named, and says so, or else to stdout.
 * @throws HilError `report.output` (environment) for a file that can't be written
 */
export function writeOutput(file: string | undefined, text: string, cwd: string): void {
  if (file === undefined) {
    process.stdout.write(text)
    return
  }
  try {
    const path = resolve(cwd, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } catch (error) {
    throw new HilError('report.output', `${file} can't be written: ${reasonOf(error)}`, {
      blame: 'environment',
      details: { file },
      cause: error,
    })
  }
  process.stdout.write(`${file}\n`)
}
