import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { catalogue } from '../../../src/app/catalogue.ts'
import { packageDirectory } from '../../../src/core/package-directory.ts'
import { environmentJsonSchema } from '../../../src/environment/schema/json-schema.ts'
import { checkEnvironment } from '../../../src/environment/load-environment.ts'
import { shippedStrategies } from '../../../src/strategy/load-strategy.ts'

const root = packageDirectory()
const environments = (await readdir(join(root, 'env'))).filter((name) => name.endsWith('.yaml'))

/** What the real drivers say, on a machine where no variable but HOME is set. */
async function problemsOf(file: string): Promise<readonly string[]> {
  const strategies = await shippedStrategies()
  const variables = { HOME: '/home/me' }
  const { problems } = await checkEnvironment(file, { catalogue, strategies, variables })
  return problems.map(({ line, column, message }) => `${line}:${column}: ${message}`)
}

describe('The environments that come with hil', () => {
  it('are there', () => {
    const expected = [
      'virt-uboot',
      'virt-barebox',
      'sim-barebox',
      'sim-barebox-qemu',
      'rock3a',
      'imx8mp-evk',
      'rpi4-poe',
      'beagleplay',
    ]
    for (const name of expected) assert.ok(environments.includes(`${name}.yaml`), name)
  })

  for (const name of environments) {
    it(`${name} is right as it stands, and tells editors its schema`, async () => {
      const file = join(root, 'env', name)
      assert.deepEqual(await problemsOf(file), [])
      const [modeline] = (await readFile(file, 'utf8')).split('\n')
      assert.equal(modeline, '# yaml-language-server: $schema=../schemas/environment.schema.json')
    })
  }
})

describe('The JSON Schema that comes with hil', () => {
  it('is what the drivers say today; "npm run schema" writes it', async () => {
    const text = await readFile(join(root, 'schemas/environment.schema.json'), 'utf8')
    assert.deepEqual(JSON.parse(text), environmentJsonSchema(catalogue))
  })
})
