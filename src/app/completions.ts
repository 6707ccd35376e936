import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { packageDirectory } from '../core/package-directory.ts'

/** The environments that can be named without a path. */
export async function completeEnvironments(cwd: string): Promise<readonly string[]> {
  const directories = [join(cwd, 'env'), join(packageDirectory(), 'env')]
  const names = await Promise.all(directories.map(namesIn))
  return [...new Set(names.flat())].sort()
}

/** The boards of an environment; none when it can't be read, for a completion must not complain. */
export async function completeBoards(
  environment: string | undefined,
  cwd: string,
): Promise<readonly string[]> {
  if (environment === undefined) return []
  try {
    const { openEnvironment } = await import('./environment/environments.ts')
    return (await openEnvironment(environment, cwd)).boards.map(({ name }) => name)
  } catch {
    return []
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).filter((name) => /\.ya?ml$/.test(name))
  } catch {
    return []
  }
}
