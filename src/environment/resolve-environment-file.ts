import type { Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, extname, isAbsolute, join, resolve } from 'node:path'
import { didYouMean } from '../core/did-you-mean.ts'
import { HilError } from '../core/errors.ts'
import { packageDirectory } from '../core/package-directory.ts'
import { displayPath } from './problems/problems.ts'

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
  const directory = await firstDirectory(directories.map((each) => resolve(each, name)))
  if (directory !== undefined) throw isDirectory(name, displayPath(directory, cwd))
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

function isDirectory(name: string, path: string): HilError {
  return new HilError(
    'environment.not-found',
    `no environment ${JSON.stringify(name)}: ${path} is a directory`,
    {
      blame: 'environment',
      details: { name, path },
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
  return (await statOf(path))?.isFile() ?? false
}

async function firstDirectory(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if ((await statOf(path))?.isDirectory()) return path
  return undefined
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path)
  } catch {
    return undefined
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
