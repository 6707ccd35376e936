import assert from 'node:assert/strict'
import { measurePattern } from '../../../../src/board/pattern-bounds.ts'
import { translatePattern } from '../../../../src/environment/labgrid/pattern.ts'

function translated(python: string): string {
  const result = translatePattern(python)
  assert.ok('source' in result, `${python}: ${'failure' in result ? result.failure : ''}`)
  return result.source
}

/** Pattern of labgrid's, what it becomes, and a prompt that it has to find. */
const cases: readonly (readonly [python: string, source: string, found: string])[] = [
  ['barebox@[^:]+:[^ ]+ ', 'barebox@[^:]{1,80}:[^ ]{1,80} ', 'barebox@ARM QEMU virt64:/ '],
  [String.raw`root@[\w-]+:[^ ]+ `, String.raw`root@[\w-]{1,80}:[^ ]{1,80} `, 'root@rock-3a:~# '],
  ['(?P<host>[a-z]+)> ', '(?<host>[a-z]{1,80})> ', 'board> '],
  [String.raw`\Alogin: \Z`, '^login: $', 'login: '],
  ['[]>]{,3} ', String.raw`[\]>]{0,3} `, '>]> '],
  [String.raw`\x1b\[1;32mroot@\w+\x1b\[0m# `, String.raw`root@\w{1,80}# `, 'root@board# '],
  [String.raw`\x1b\[[0-9;]*m=> `, '=> ', '=> '],
  ['(?#the prompt)=> ', '=> ', '=> '],
  ['a+?b', 'a{1,80}?b', 'aab'],
  ['x{3,}', 'x{3,80}', 'xxx'],
  [String.raw`\[\*\+\] `, String.raw`\[\*\+\] `, '[*+] '],
]

describe('A regular expression of Python', () => {
  for (const [python, source, found] of cases) {
    it(`is ${JSON.stringify(source)} for ${JSON.stringify(python)}`, () => {
      assert.equal(translated(python), source)
      assert.match(found, new RegExp(source))
    })
  }

  it('repeats less often where it repeats at many places, so that no board can stall it', () => {
    const source = translated(String.raw`\w+@[\w-]+:[^ ]+[#$] `)
    assert.match('root@rock-3a:/root# ', new RegExp(source))
    assert.ok(measurePattern(new RegExp(source)).maximumLength > 40)
  })

  for (const [python, reason] of [
    ['(?i)login: ', /flags inside the pattern/],
    ['(a)?(?(1)b|c)', /depends on a group/],
    ['(?>a+)b', /atomic group/],
    ['a++b', /possessive/],
    [String.raw`\N{BULLET}`, /character by its name/],
    ['(a+)+$', /ways at one place/],
    ['login(', /no regular expression/],
    [String.raw`(?P<a>x)(?P=a)`, /refers back to a group/],
  ] as const) {
    it(`is refused with the reason for ${JSON.stringify(python)}`, () => {
      const result = translatePattern(python)
      assert.ok('failure' in result, JSON.stringify(result))
      assert.match(result.failure, reason)
    })
  }
})
