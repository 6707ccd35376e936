import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { driverDocuments } from '../../../scripts/docs/drivers-document.mjs'
import { catalogue } from '../../../src/app/catalogue.ts'
import { packageDirectory } from '../../../src/core/package-directory.ts'
import { checkEnvironment } from '../../../src/environment/load-environment.ts'
import { shippedStrategies } from '../../../src/strategy/load-strategy.ts'
import { writeFiles } from '../../support/environment-files.ts'

const docs = join(packageDirectory(), 'docs')
const expected = await driverDocuments(catalogue)
const found = new Map(
  await Promise.all(
    ['drivers.md', ...readdirSync(join(docs, 'drivers')).map((name) => `drivers/${name}`)].map(
      async (path) => [path, await readFile(join(docs, path), 'utf8')] as const,
    ),
  ),
)

/** The YAML of each driver, by `kind: name`. */
const examples = [...found].flatMap(([path, text]) =>
  [...text.matchAll(/^## ([\w-]+)\n.*?^```yaml\n(.*?)^```/gms)].map(
    ([, name = '', yaml = '']) => [`${basename(path, '.md')}: ${name}`, yaml] as const,
  ),
)

/** What every board has, in the order of the keys that an example may take the place of. */
const rest = {
  machine: '',
  power: 'console: { driver: tcp, host: lab, port: 2001 }\n',
  console: 'power: manual\n',
  bootloader: 'power: manual\nconsole: { driver: tcp, host: lab, port: 2001 }\n',
  shell: 'power: manual\nconsole: { driver: tcp, host: lab, port: 2001 }\n',
  storage: 'power: manual\nconsole: { driver: tcp, host: lab, port: 2001 }\n',
  recovery: 'power: manual\nconsole: { driver: tcp, host: lab, port: 2001 }\n',
  ssh: 'power: manual\nconsole: { driver: tcp, host: lab, port: 2001 }\n',
}

describe('The documents of the drivers', () => {
  it('are what the schemas make of them (else: npm run schema)', () => {
    assert.deepEqual(Object.fromEntries(found), Object.fromEntries(expected))
  })

  it('have every driver, on the page of its kind', () => {
    const titles = catalogue.map(({ kind, name }) => `${kind}: ${name}`)
    assert.deepEqual(examples.map(([title]) => title).sort(), titles.sort())
  })

  it('link to every driver from the index', () => {
    const links = [...(found.get('drivers.md') ?? '').matchAll(/\]\(drivers\/([\w-]+)\.md#([\w-]+)\)/g)]
    const linked = links.map(([, kind, name]) => `${kind}: ${name}`)
    assert.deepEqual(linked.sort(), examples.map(([title]) => title).sort())
  })

  it('say each option once', () => {
    for (const [title] of examples) {
      const [kind, name] = title.split(': ')
      const part = (found.get(`drivers/${kind}.md`) ?? '')
        .split(/^## /m)
        .find((text) => text.startsWith(`${name}\n`))
      const options = [...(part ?? '').matchAll(/^\| `([^`]+)`/gm)].map(([, option]) => option)
      assert.deepEqual(options, [...new Set(options)], title)
    }
  })

  for (const [title, yaml] of examples) {
    it(`shows YAML that is right for ${title}`, async () => {
      const kind = title.split(':')[0] as keyof typeof rest
      const board = `architecture: arm64\n${yaml}${rest[kind]}`.replaceAll(/^(?=.)/gm, '    ')
      await using files = await writeFiles({ 'bench.yaml': `boards:\n  board:\n${board}` })
      const strategies = await shippedStrategies()
      const { problems } = await checkEnvironment(join(files.directory, 'bench.yaml'), {
        catalogue,
        strategies,
      })
      assert.deepEqual(problems, [])
    })
  }
})
