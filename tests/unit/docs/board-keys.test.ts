import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageDirectory } from '../../../src/core/package-directory.ts'

const read = (name: string) => readFileSync(join(packageDirectory(), name), 'utf8')

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
}

describe('The table of all keys of a board', () => {
  const { definitions } = JSON.parse(read('schemas/environment.schema.json')) as {
    readonly definitions: { readonly board: Schema; readonly settings: Schema }
  }
  const [, table = ''] = /^## All keys of a board$(.*?)^## /ms.exec(read('docs/environments.md')) ?? []
  const rows = table.split('\n').filter((line) => line.startsWith('| `'))
  const named = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`(.+?)`/g)].map(([, key]) => key),
  )

  it('has every key that the schema knows', () => {
    const { board, settings } = definitions
    const keys = Object.keys({ ...board.properties, ...settings.properties })
    const isNamed = (key: string) =>
      named.some((name) => name === key || name?.startsWith(`${key}.`) === true)
    assert.ok(keys.length > 20)
    assert.deepEqual(
      keys.filter((key) => !isNamed(key)),
      [],
    )
  })

  for (const part of ['boot', 'network', 'kernel-log']) {
    it(`has every key below "${part}"`, () => {
      const inner = Object.keys(definitions.settings.properties?.[part]?.properties ?? {})
      assert.ok(inner.length > 0)
      assert.deepEqual(
        inner.filter((key) => !named.includes(`${part}.${key}`)),
        [],
      )
    })
  }
})
