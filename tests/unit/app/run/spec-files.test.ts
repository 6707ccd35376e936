import assert from 'node:assert/strict'
import { globToRegExp } from '../../../../src/app/run/glob.ts'
import { findSpecs } from '../../../../src/app/run/spec-files.ts'
import { writeFiles } from '../../../support/environment-files.ts'

const tree = {
  'tests/boot.spec.ts': '',
  'tests/usb/hub.spec.ts': '',
  'tests/usb/helper.ts': '',
  'tests/usb/old.spec.js': '',
  'tests/types.d.ts': '',
  'tests/node_modules/x/y.spec.ts': '',
  'tests/.hidden/z.spec.ts': '',
  'tests/usb/check.sh': '',
  'tests/usb/reset.spec.sh': '',
  'docs/readme.md': '',
}

describe('the specs that are meant', () => {
  for (const [what, patterns, found] of [
    ['a file', ['tests/boot.spec.ts'], ['tests/boot.spec.ts']],
    ['a file of any name', ['tests/usb/helper.ts'], ['tests/usb/helper.ts']],
    [
      'a directory',
      ['tests'],
      ['tests/boot.spec.ts', 'tests/usb/hub.spec.ts', 'tests/usb/old.spec.js', 'tests/usb/reset.spec.sh'],
    ],
    ['a shell script', ['tests/usb/check.sh'], ['tests/usb/check.sh']],
    ['a glob', ['tests/**/*.spec.ts'], ['tests/boot.spec.ts', 'tests/usb/hub.spec.ts']],
    [
      'alternatives',
      ['tests/usb/{hub,old}.spec.{ts,js}'],
      ['tests/usb/hub.spec.ts', 'tests/usb/old.spec.js'],
    ],
    ['the same twice', ['tests/boot.spec.ts', './tests/*.spec.ts'], ['tests/boot.spec.ts']],
  ] as const) {
    it(`can be ${what}`, async () => {
      await using files = await writeFiles(tree)
      assert.deepEqual(findSpecs(patterns, files.directory), found)
    })
  }

  it('keep their absolute path where they lie outside of the working directory', async () => {
    await using files = await writeFiles(tree)
    assert.deepEqual(findSpecs(['../tests/boot.spec.ts'], files.path('docs')), [
      files.path('tests/boot.spec.ts'),
    ])
  })

  for (const [what, pattern, code, message] of [
    [
      'there is none',
      'tests/bot.spec.ts',
      'specs.missing',
      /no spec tests\/bot\.spec\.ts .*did you mean "tests\/boot\.spec\.ts"\?/,
    ],
    ['a directory has none', 'docs', 'specs.none', /no spec in docs: none of its files ends in \.spec\.ts/],
    ['a glob matches none', 'tests/*.spec.py', 'specs.none', /no file matches tests\/\*\.spec\.py/],
    ['it is no program', 'docs/readme.md', 'specs.unloadable', /docs\/readme\.md is no spec/],
    ['it only declares types', 'tests/types.d.ts', 'specs.unloadable', /types\.d\.ts is no spec/],
  ] as const) {
    it(`are refused with a sentence where ${what}`, async () => {
      await using files = await writeFiles(tree)
      assert.throws(() => findSpecs([pattern], files.directory), { code, message, blame: 'environment' })
    })
  }
})

describe('a glob', () => {
  for (const [glob, matches, others] of [
    ['a/*.ts', ['a/b.ts'], ['a/b/c.ts', 'a/b_ts']],
    ['a/**/b', ['a/b', 'a/x/y/b'], ['a/xb']],
    ['a/**', ['a/b', 'a/b/c'], ['b/a']],
    ['[a-c]?', ['ax', 'cy'], ['dx', 'a']],
    ['[!a]', ['b'], ['a']],
    ['a{b,c{d,e}}', ['ab', 'acd', 'ace'], ['ac']],
    ['{a', ['{a'], ['a']],
    ['a+(b)$.^|', ['a+(b)$.^|'], ['aab']],
  ] as const) {
    it(`${glob} matches as in a shell`, () => {
      const expression = globToRegExp(glob)
      for (const path of matches) assert.match(path, expression)
      for (const path of others) assert.doesNotMatch(path, expression)
    })
  }
})
