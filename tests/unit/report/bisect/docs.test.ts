import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bisectionVersion } from '../../../../src/core/bisection-record.ts'

function read(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../../../../${path}`, import.meta.url)), 'utf8')
}

describe('docs/bisect.md', () => {
  const page = read('docs/bisect.md')
  const fields = page.slice(page.indexOf('## bisect.json'))

  it('names every field of a record, and the version', () => {
    const source = read('src/core/bisection-record.ts')
    const names = [...source.matchAll(/readonly (\w+)\??:/g)].map(([, name]) => name ?? '')
    assert.deepEqual(
      names.filter((name) => !new RegExp(`[\`{ ]${name}(?:\\[\\])?[\`,} :]`).test(fields)),
      [],
    )
    assert.ok(
      fields.includes(`| \`version\``) && new RegExp(`\`version\` +\\| ${bisectionVersion} `).test(fields),
    )
  })

  it('explains every verdict that the page of a bisection can have', () => {
    const titles = [...read('src/report/bisect/verdict.ts').matchAll(/title: .*$/gm)].flatMap(([line]) =>
      [...line.matchAll(/'([A-Z][^'$]+)'|"([A-Z][^"$]+)"|`([A-Z][^`$]+)/g)].map(
        ([, single, double, template]) => single ?? double ?? template ?? '',
      ),
    )
    assert.ok(titles.length >= 7, titles.join())
    assert.deepEqual(
      titles.filter((title) => !page.includes(title.trim())),
      [],
    )
  })
})
