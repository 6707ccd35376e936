import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { projectRoot } from '../../scripts/setup/places.mjs'

const dist = join(projectRoot, 'dist')
const specifiers = /(?:^(?:import|export)\b[^'"\n]*|\bimport\()['"](\.{1,2}\/[^'"\n]+)['"]/gm

describe('hil as it is compiled', () => {
  // tsc leaves the ".ts" of an import() as it is in a function that has a `using` of its own.
  it('imports only files that are there', () => {
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.js'))
      .map((file) => join(dist, file))
    assert.ok(files.length > 500)
    const missing = files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(specifiers)]
        .filter(([, specifier = '']) => !existsSync(join(dirname(file), specifier)))
        .map(([found]) => `${relative(dist, file)}: ${found}`),
    )
    assert.deepEqual(missing, [])
  })
})
