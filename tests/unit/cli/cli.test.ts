import assert from 'node:assert/strict'
import { complete } from '../../../src/cli/complete.ts'
import { commands } from '../../../src/cli/commands.ts'
import { exitCodeHelp } from '../../../src/cli/exit-codes.ts'
import { satisfies } from '../../../src/cli/node-version.ts'
import { helpOf } from '../../../src/cli/parse.ts'
import { reportError } from '../../../src/cli/report-error.ts'
import { HilError } from '../../../src/core/errors.ts'
import { verdicts } from '../../../src/core/verdicts.ts'

describe('the exit codes in help', () => {
  it('are those of the verdict table, each with its meaning', () => {
    for (const [of, text] of [
      ['exit', exitCodeHelp()],
      ['bisect', exitCodeHelp('bisect')],
    ] as const) {
      for (const row of Object.values(verdicts)) {
        assert.ok(text.includes(String(row[of])), `${row[of]} is missing`)
        assert.ok(text.replace(/\s+/g, ' ').includes(row.means), `"${row.means}" is missing`)
      }
    }
  })
})

describe('the help of a group', () => {
  it('begins with what the group does by itself', async () => {
    for (const group of commands) {
      if (!('commands' in group) || group.itself === undefined) continue
      const path = `hil ${group.name}`
      const help = await helpOf(path, group.summary, group.commands, group.itself)
      assert.match(
        help,
        new RegExp(
          `Commands:\\n {2}hil ${group.itself.usage.replaceAll('.', '\\.')} +${group.itself.summary}`,
        ),
      )
    }
  })
})

describe('the version of Node', () => {
  for (const [version, isEnough] of [
    ['18.19.1', false],
    ['20.18.3', false],
    ['20.19.0', true],
    ['21.7.3', false],
    ['22.12.0', false],
    ['22.13.0', true],
    ['24.1.0', true],
  ] as const) {
    it(`${version} is ${isEnough ? 'enough' : 'too old'}`, () => {
      assert.equal(satisfies(version, '^20.19 || >=22.13'), isEnough)
    })
  }
})

describe('an error that ends hil', () => {
  const told = (error: unknown) => {
    let text = ''
    const code = reportError(error, (part) => (text += part))
    return { code, text }
  }

  it('is a sentence, and exits as the blame says', () => {
    const error = new HilError('environment.not-found', 'there is no environment x', { blame: 'environment' })
    assert.deepEqual(told(error), { code: 2, text: 'hil: there is no environment x\n' })
  })

  it('is called a bug, with its stack, where it is one', () => {
    const { code, text } = told(new TypeError('x is not a function'))
    assert.equal(code, 4)
    assert.match(
      text,
      /^hil: this is a bug in hil, please report it: x is not a function\nTypeError: .*\n +at /,
    )
  })
})

describe('completion', () => {
  for (const [words, candidates] of [
    [['r'], ['run', 'report']],
    [
      ['env', ''],
      ['check', 'show', 'import', 'schema'],
    ],
    [
      ['run', '--re'],
      ['--retries', '--report-dir', '--repeat-each', '--reporter'],
    ],
    [['run', '--exit', ''], ['bisect']],
    [
      ['run', '--reporter', 'j'],
      ['json', 'junit'],
    ],
    [['run', 'tests/'], []],
    [['nonsense', ''], []],
  ] as const) {
    it(`of "hil ${words.join(' ')}" offers ${candidates.join(', ') || 'file names'}`, async () => {
      assert.deepEqual(await complete(words), candidates)
    })
  }
})
