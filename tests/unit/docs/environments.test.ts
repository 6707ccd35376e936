import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue } from '../../../src/app/catalogue.ts'
import { packageDirectory } from '../../../src/core/package-directory.ts'
import { checkEnvironment } from '../../../src/environment/load-environment.ts'
import { shippedStrategies } from '../../../src/strategy/load-strategy.ts'
import { writeFiles } from '../../support/environment-files.ts'

const root = packageDirectory()

/** What examples leave to other places: variables of the person, and the rest of a board. */
const variables = { HOME: '/home/me', LG_COORDINATOR: 'labhost:20408' }
const rest = {
  board: `architecture: arm64
    power: manual
    console: { driver: serial, port: /dev/ttyS0, baud: 115200 }`,
  place: 'architecture: arm64\n    place: rock3a',
}

interface Example {
  readonly where: string
  readonly yaml: string
}

/** Drivers have tests of their own; a plan of nights and a file of ser2net are no environments. */
const others = ['drivers.md', 'writing-a-driver.md', 'nightly.md']

const examples: readonly Example[] = [
  'README.md',
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
]
  .filter((name) => name.endsWith('.md') && !others.some((other) => name.endsWith(`/${other}`)))
  .flatMap((name) => {
    const text = readFileSync(join(root, name), 'utf8')
    return [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(({ 1: yaml = '', index }) => ({
      where: `${name}:${text.slice(0, index).split('\n').length}`,
      yaml,
    }))
  })
  .filter(({ yaml }) => !/^connection:/m.test(yaml))

/** A whole file of it, where it shows a part of one. */
function completed(yaml: string): string {
  if (/^ {4}(?:architecture|template):|^ {2}\S+: \{ template:/m.test(yaml)) return yaml
  const board = /^(?:coordinator|use):/m.test(yaml) ? rest.place : rest.board
  if (/^defaults:/m.test(yaml)) return `${yaml}boards:\n  r1:\n    ${board}\n`
  if (/^boards:/m.test(yaml)) return yaml.replace(/^ {2}\S+:.*$/m, `$&\n    ${board}`)
  const own = new Set([...yaml.matchAll(/^(\S+):/gm)].map(([, key]) => key))
  const left = board.split('\n    ').filter((line) => !own.has(line.split(':')[0]))
  const lines = [...left, ...yaml.trimEnd().split('\n')]
  return `boards:\n  r1:\n${lines.map((line) => `    ${line}`.trimEnd()).join('\n')}\n`
}

describe('The documents show environments', () => {
  for (const { where, yaml } of examples) {
    it(`that are right: ${where}`, async () => {
      const whole = completed(yaml)
      await using files = await writeFiles({ 'example.yaml': whole })
      const strategies = await shippedStrategies()
      const { problems } = await checkEnvironment(files.path('example.yaml'), {
        catalogue,
        strategies,
        variables,
      })
      assert.deepEqual(
        problems.map(({ line, message }) => `${line}: ${message}`),
        [],
        whole,
      )
    })
  }

  it('on many of their pages', () => {
    assert.ok(new Set(examples.map(({ where }) => where.split(':')[0])).size > 8)
  })
})
