import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** What an error of the hooks for `import` carries: which one failed. */
export interface ImportOf {
  /** As it is written. */
  readonly specifier: string
  /** The URL of the module it is written in. */
  readonly importer: string | undefined
}

/** `/dir/a.ts:4:19`, where the import is written that could not be resolved; `undefined` for other errors. */
export async function placeOfImport(error: unknown): Promise<string | undefined> {
  const { importOf } = (error ?? {}) as { readonly importOf?: ImportOf }
  if (importOf?.importer?.startsWith('file:') !== true) return undefined
  const file = fileURLToPath(importOf.importer)
  const text = await readFile(file, 'utf8').catch(() => '')
  const at = indexOfImport(text, importOf.specifier)
  if (at === undefined) return file
  const before = text.slice(0, at)
  return `${file}:${before.split('\n').length}:${at - before.lastIndexOf('\n')}`
}

const importPattern = /\b(?:from|import|require)\s{0,100}\(?\s{0,100}('[^'\n]{1,4096}'|"[^"\n]{1,4096}")/g

/** Where its quotes open; what stands in a comment imports nothing. */
function indexOfImport(text: string, specifier: string): number | undefined {
  for (const { index, 0: words, 1: name } of text.matchAll(importPattern)) {
    const line = text.slice(text.lastIndexOf('\n', index) + 1, index)
    if (name?.slice(1, -1) === specifier && !/^\s*(?:\/\/|\/?\*)/.test(line))
      return index + words.length - name.length
  }
  return undefined
}
