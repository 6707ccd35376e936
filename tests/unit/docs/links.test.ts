import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** All Markdown of the project: the root's, and what lies below docs/. */
const documents = [
  ...readdirSync(root).map((name) => join(root, name)),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) =>
    join(root, 'docs', name),
  ),
].filter((path) => path.endsWith('.md'))

/** What a document links to, addresses left out: files, and headings in them or in itself. */
function links(document: string): { readonly target: string; readonly heading: string | undefined }[] {
  const found = readFileSync(document, 'utf8').matchAll(/\]\(([^)#:]*)(?:#([^)]*))?\)/g)
  return [...found].map(([, path = '', heading]) => ({
    target: path === '' ? document : resolve(dirname(document), path),
    heading,
  }))
}

/** The headings of a document, as GitHub names them in addresses. */
function headings(document: string): string[] {
  const text = readFileSync(document, 'utf8').replaceAll(/^```.*?^```/gms, '')
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

describe('The documents', () => {
  for (const document of documents) {
    it(`${document.slice(root.length)} links to files and headings that are there`, () => {
      const missing = links(document).filter(
        ({ target, heading }) =>
          !existsSync(target) ||
          (heading !== undefined && target.endsWith('.md') && !headings(target).includes(heading)),
      )
      assert.deepEqual(missing, [])
    })
  }
})
