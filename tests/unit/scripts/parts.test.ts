import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { testParts } from '../../../scripts/test/parts.mjs'
import { takeTurns } from '../../../scripts/test/turns.mjs'

describe('the parts in which all tests are run', () => {
  it('have every file once, those of a directory that is new included', () => {
    const ofE2e = [...readdirSync('tests/e2e'), 'new', 'new.test.ts']
    const wanted = [
      ...['unit', 'contract'].map((name) => `${name}/**/*.test.ts`),
      ...ofE2e.map((name) => (name.endsWith('.ts') ? `e2e/${name}` : `e2e/${name}/**/*.test.ts`)),
    ]
    assert.deepEqual(testParts(ofE2e).flat().sort(), wanted.map((files) => `tests/${files}`).sort())
    const files = readdirSync('tests', { recursive: true }).map(String)
    const elsewhere = files.filter(
      (file) => file.endsWith('.test.ts') && !/^(?:unit|contract|e2e)\//.test(file),
    )
    // What takes hours is run by a command of its own.
    const commands = readFileSync('package.json', 'utf8')
    assert.deepEqual(
      elsewhere.filter((file) => !commands.includes(`tests/${file}`)),
      [],
    )
  })
})

describe('takeTurns', () => {
  it('lets so many work at once, and the next when one has ended, however it ended', async () => {
    const inTurn = takeTurns(2)
    const begun: string[] = []
    const ends = new Map<string, (error?: Error) => void>()
    const results = ['a', 'b', 'c', 'd'].map((name) =>
      inTurn(() => {
        begun.push(name)
        return new Promise<void>((resolve, reject) => {
          ends.set(name, (error) => {
            if (error === undefined) resolve()
            else reject(error)
          })
        })
      }),
    )
    assert.deepEqual(begun, ['a', 'b'])
    ends.get('b')?.(new Error('b failed'))
    await assert.rejects(results[1] ?? Promise.resolve(), /b failed/)
    assert.deepEqual(begun, ['a', 'b', 'c'])
    ends.get('a')?.()
    await results[0]
    assert.deepEqual(begun, ['a', 'b', 'c', 'd'])
  })
})
