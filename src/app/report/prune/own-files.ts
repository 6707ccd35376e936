import { lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { latestLink } from '../../../report/report-directory.ts'
import { bisectionFile } from '../../bisect/bisection-file.ts'
import { bisectionsDirectory, cellsDirectory, nightFile } from '../../nightly/night-file.ts'

/** What hil writes into a directory, and nothing else. */
export interface Layout {
  /** By this file the directory is known as what it is. */
  readonly marker: string
  readonly files: RegExp
  readonly folders: Readonly<Record<string, Folder>>
}

/** A directory of logs, or of any number of runs or bisections, with a link to the latest. */
type Folder = RegExp | { readonly each: Layout }

export const runLayout: Layout = {
  marker: 'events.jsonl',
  files:
    /^(?:report\.html|console(?:-[\w.+-]{1,200})?\.(?:log|raw)|junit\.xml|summary\.json|environment\.yaml|hil\.log)$/,
  folders: {},
}

const logs = /^[\w.+-]{1,250}\.log$/

export const bisectionLayout: Layout = {
  marker: bisectionFile,
  files:
    /^(?:bisect\.json\.new|(?:range|settings)\.json(?:\.new)?|config|report\.html|boots\.html|mail\.txt)$/,
  folders: { probes: { each: runLayout }, builds: logs },
}

export const nightLayout: Layout = {
  marker: nightFile,
  files: /^(?:night\.json\.new|report\.html|overview\.json|junit\.xml|kcidb\.json|summary\.(?:md|txt))$/,
  folders: {
    [cellsDirectory]: { each: runLayout },
    [bisectionsDirectory]: { each: bisectionLayout },
    builds: logs,
  },
}

/** All of a directory, told apart by who wrote it; paths are relative to it. */
export interface OwnFiles {
  /** In an order in which they can be deleted: the markers last, so that what was deleted in part is found again. */
  readonly files: readonly string[]
  /** What they lie in, the innermost first. */
  readonly folders: readonly string[]
  /** What hil does not write: somebody's own. */
  readonly strangers: readonly string[]
}

/** Looks through a directory; links are followed nowhere. */
export function ownFilesIn(directory: string, { marker, files, folders }: Layout): OwnFiles {
  const found = nothing()
  let isMarked = false
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const folder = entry.isDirectory() ? folders[entry.name] : undefined
    if (folder !== undefined) add(found, entry.name, filesOfFolder(join(directory, entry.name), folder))
    else if (!entry.isFile()) found.strangers.push(entry.name)
    else if (entry.name === marker) isMarked = true
    else (files.test(entry.name) ? found.files : found.strangers).push(entry.name)
  }
  if (isMarked) found.files.push(marker)
  return found
}

/** @throws the error of Node for what can't be deleted */
export function deleteOwnFiles(directory: string, { files, folders }: OwnFiles): void {
  for (const name of files.slice(0, -1)) unlinkSync(join(directory, name))
  for (const name of folders) rmdirSync(join(directory, name))
  for (const name of files.slice(-1)) unlinkSync(join(directory, name))
  rmdirSync(directory)
}

function filesOfFolder(directory: string, folder: Folder): OwnFiles {
  const found = nothing()
  for (const name of readdirSync(directory)) {
    const entry = lstatSync(join(directory, name))
    if (folder instanceof RegExp) {
      ;(entry.isFile() && folder.test(name) ? found.files : found.strangers).push(name)
    } else if (entry.isDirectory()) {
      add(found, name, ownFilesIn(join(directory, name), folder.each))
    } else {
      ;(entry.isSymbolicLink() && name === latestLink ? found.files : found.strangers).push(name)
    }
  }
  return found
}

type Found = ReturnType<typeof nothing>

function nothing() {
  return { files: [] as string[], folders: [] as string[], strangers: [] as string[] }
}

function add(to: Found, name: string, { files, folders, strangers }: OwnFiles): void {
  to.files.push(...files.map((file) => join(name, file)))
  to.folders.push(...folders.map((folder) => join(name, folder)), name)
  to.strangers.push(...strangers.map((stranger) => join(name, stranger)))
}
