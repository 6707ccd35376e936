import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { driversDocument } from '../../../scripts/docs/drivers-document.mjs'
import { catalogue } from '../../../src/app/catalogue.ts'
import { packageDirectory } from '../../../src/core/package-directory.ts'
import { checkEnvironment } from '../../../src/environment/load-environment.ts'
import { shippedStrategies } from '../../../src/strategy/load-strategy.ts'
import { writeFiles } from '../../support/environment-files.ts'

const document = await readFile(join(packageDirectory(), 'docs/drivers.md'), 'utf8')

/** The YAML of each driver, by `kind: name`. */
const examples = [...document.matchAll(/^### (\w+: [\w-]+)\n.*?^```yaml\n(.*?)^```/gms)].map(
  ([, title = '', yaml = '']) => [title, yaml] as const,
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

describe('The list of drivers', () => {
  it('is what the schemas make of it (else: npm run schema)', async () => {
    assert.equal(document, await driversDocument(catalogue))
  })

  it('has every driver', () => {
    const expected = catalogue.map(({ kind, name }) => `${kind}: ${name}`)
    assert.deepEqual(examples.map(([title]) => title).sort(), expected.sort())
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
