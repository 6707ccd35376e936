import { access, constants, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join, resolve } from 'node:path'

/**
 * The absolute path of a program, looked up as a shell would: a name with a slash is a path, any
 * other is searched in `PATH`.
 * @returns `undefined` when there is none that can be executed
 */
export async function findProgram(
  name: string,
  searchPath: string = process.env['PATH'] ?? '',
): Promise<string | undefined> {
  if (name.includes('/')) return (await isExecutable(name)) ? resolve(name) : undefined
  for (const directory of searchPath.split(delimiter).filter(isAbsolute)) {
    const candidate = join(directory, name)
    if (await isExecutable(candidate)) return candidate
  }
  return undefined
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}
