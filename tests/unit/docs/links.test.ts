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

/** The files a document links to: no addresses, no headings of its own. */
function linkedFiles(document: string): string[] {
  const links = readFileSync(document, 'utf8').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)
  return [...links].map(([, path = '']) => path)
}

describe('The documents', () => {
  for (const document of documents) {
    it(`${document.slice(root.length)} links to files that are there`, () => {
      const missing = linkedFiles(document).filter((link) => !existsSync(resolve(dirname(document), link)))
      assert.deepEqual(missing, [])
    })
  }
})
