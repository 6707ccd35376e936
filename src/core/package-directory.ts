import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Where hil itself is installed: the directory of its `package.json`, from sources and from `dist/`. */
export function packageDirectory(): string {
  let directory = import.meta.dirname
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory)
  return directory
}
