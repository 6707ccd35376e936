import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { checkEnvironment, type LoadOptions } from '../../src/environment/load-environment.ts'
import { smallCatalogue } from './small-catalogue.ts'

/** A directory with files, removed again when it is disposed of. */
export interface Files extends AsyncDisposable {
  readonly directory: string
  path(name: string): string
}

export async function writeFiles(files: Readonly<Record<string, string | Uint8Array>>): Promise<Files> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'hil-test-')))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true })
    await writeFile(join(directory, name), content)
  }
  return {
    directory,
    path: (name) => join(directory, name),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  }
}

/** What the small catalogue and an empty process environment make of a file. */
export function check(files: Files, name: string, options: Partial<LoadOptions> = {}) {
  return checkEnvironment(files.path(name), {
    catalogue: smallCatalogue,
    strategies: ['barebox', 'uboot', 'direct'],
    variables: { HOME: '/home/me' },
    cwd: files.directory,
    ...options,
  })
}

/** Stands before the place of a problem in the texts of tests. */
const mark = '▸'

/**
 * Checks the first of several files in which the places of all problems are marked.
 * @returns what was found and what was marked, each as `file:line:column`, and the sentences in order
 */
export async function checkMarked(
  marked: Readonly<Record<string, string>>,
  options: Partial<LoadOptions> = {},
) {
  const texts = Object.entries(marked).map(([name, text]) => [name, text.replaceAll(mark, '')] as const)
  await using files = await writeFiles(Object.fromEntries(texts))
  const [first = ''] = Object.keys(marked)
  const { problems } = await check(files, first, options)
  return {
    found: problems.map(
      ({ file, line, column }) => `${file.slice(files.directory.length + 1)}:${line}:${column}`,
    ),
    marked: Object.entries(marked).flatMap(([name, text]) =>
      placesOf(text).map((place) => `${name}:${place}`),
    ),
    messages: problems.map(({ message }) => message.replaceAll(`${files.directory}/`, '')),
  }
}

function placesOf(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(new RegExp(mark, 'g'))].map(
        (found, earlier) => `${index + 1}:${found.index - earlier + 1}`,
      ),
    )
}
