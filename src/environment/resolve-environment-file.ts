import { readdir, stat } from 'node:fs/promises'
import { basename, extname, isAbsolute, join, resolve } from 'node:path'
import { didYouMean } from '../core/did-you-mean.ts'
import { HilError } from '../core/errors.ts'
import { packageDirectory } from '../core/package-directory.ts'
import { displayPath } from './problems.ts'

const extensions = ['', '.yaml', '.yml']

/**
 * The file that `--env` names: a path, or the name of a file in `env/`, here or in hil itself. The
 * `.yaml` may be left out.
 * @returns an absolute path
 * @throws HilError `environment.not-found` (environment) with the places that were looked at
 */
export async function resolveEnvironmentFile(name: string, cwd: string): Promise<string> {
  const directories = searchedDirectories(name, cwd)
  for (const directory of directories) {
    for (const extension of extensions) {
      const candidate = resolve(directory, `${name}${extension}`)
      if (await isFile(candidate)) return candidate
    }
  }
  const present = (
    await Promise.all([join(cwd, 'env'), join(packageDirectory(), 'env')].map(environmentNames))
  ).flat()
  const looked = directories.map((directory) => displayPath(resolve(directory, name), cwd)).join(', ')
  const hint = didYouMean(basename(name, extname(name)), present)
  const choice = present.length === 0 ? '' : `; there are ${[...new Set(present)].join(', ')}`
  throw new HilError(
    'environment.not-found',
    `no environment ${JSON.stringify(name)}: looked for ${looked}${hint || choice}`,
    {
      blame: 'environment',
      details: { name, cwd, looked: directories },
    },
  )
}

/** Only what does not begin as a path is looked up in `env/`. */
function searchedDirectories(name: string, cwd: string): readonly string[] {
  if (isAbsolute(name) || /^\.\.?\//.test(name)) return [cwd]
  const shipped = name.startsWith('env/') ? packageDirectory() : join(packageDirectory(), 'env')
  return [...new Set([cwd, join(cwd, 'env'), shipped])]
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

async function environmentNames(directory: string): Promise<string[]> {
  try {
    const names = await readdir(directory)
    return names.filter((name) => /\.ya?ml$/.test(name)).map((name) => basename(name, extname(name)))
  } catch {
    return []
  }
}
