import { lstat, lutimes, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mapConcurrently } from '../../../codecs/fit/map-concurrently.ts'
import type { Git } from '../git/git.ts'

/** Content of a file, as git names it, and when it was written, in microseconds since 1970. */
interface Stamp {
  readonly blob: string
  readonly writtenUs: bigint
}

const atOnce = 64

/**
 * Writes down when each file of a work tree was written, before it is removed. `make` goes by these times alone: with
 * them a work tree that is made anew takes the place of the old one, and what was built of that one is built no
 * second time.
 */
export async function saveTimestamps(git: Git, file: string): Promise<void> {
  const touched = new Set(split(await git.run(['diff-files', '--name-only', '-z'])))
  const blobs = [...(await listBlobs(git))].filter(([path]) => !touched.has(path))
  const lines = await mapConcurrently(blobs, atOnce, async ([path, blob]) => {
    const { mtimeNs } = await lstat(join(git.directory, path), { bigint: true })
    return `${blob} ${mtimeNs / 1000n} ${path}\0`
  })
  await writeFile(`${file}.new`, lines.join(''))
  await rename(`${file}.new`, file)
}

/**
 * Gives the files of a fresh work tree the times that those with the same content had. They hold once: what is built from
 * now on knows others.
 */
export async function restoreTimestamps(git: Git, file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => '')
  await rm(file, { force: true })
  const stamps = new Map(split(text).map(parseStamp))
  if (stamps.size === 0) return
  await mapConcurrently([...(await listBlobs(git))], atOnce, async ([path, blob]) => {
    const stamp = stamps.get(path)
    if (stamp?.blob !== blob) return
    const seconds = Number(stamp.writtenUs) / 1e6
    await lutimes(join(git.directory, path), seconds, seconds)
  })
  await refreshIndex(git)
}

/** Has git look at files of which only the times have changed: it would take them for changed. */
export async function refreshIndex(git: Git): Promise<void> {
  await git.ask(['update-index', '-q', '--refresh'], { answers: [0, 1] })
}

/** `100644 <blob> 0\tpath`; submodules have no files of their own. */
async function listBlobs(git: Git): Promise<ReadonlyMap<string, string>> {
  const entries = split(await git.run(['ls-files', '--stage', '-z']))
  return new Map(
    entries.flatMap((entry) => {
      const [, mode = '', blob = '', path = ''] = /^(\d+) ([0-9a-f]+) 0\t(.*)$/s.exec(entry) ?? []
      return path === '' || mode === '160000' ? [] : [[path, blob] as const]
    }),
  )
}

function parseStamp(line: string): readonly [path: string, stamp: Stamp] {
  const [, blob = '', us = '0', path = ''] = /^(\S+) (\d+) (.*)$/s.exec(line) ?? []
  return [path, { blob, writtenUs: BigInt(us) }]
}

function split(text: string): readonly string[] {
  return text.split('\0').filter((each) => each !== '')
}
