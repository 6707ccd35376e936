import { expectProblems, expectSame } from '../../../support/labgrid/same-board.ts'
import { check, writeFiles } from '../../../support/environment-files.ts'
import assert from 'node:assert/strict'

function withCommand(on: string): string {
  return `targets:
  main:
    drivers:
      ExternalPowerDriver: { cmd_on: ${on}, cmd_off: 'true' }
      ExternalConsoleDriver: { cmd: cat }
`
}

function ours(on: string): string {
  return `boards: { main: { architecture: unknown, power: { driver: command, on: ${on}, off: ['true'] },
    console: { driver: process, command: [cat] } } }\n`
}

describe('A template of labgrid', () => {
  for (const [title, written, words] of [
    ['a variable', `!template 'pdu $LG_PLACE'`, '[pdu, rock3a]'],
    ['a variable in braces', `!template 'pdu \${LG_PLACE}s'`, '[pdu, rock3as]'],
    ['a dollar', `!template 'pdu $$x $\${LG_PLACE}'`, `[pdu, $x, '$$\{LG_PLACE}']`],
    ['what is none of hil either', `'pdu \${LG_PLACE} $$'`, `[pdu, '$$\{LG_PLACE}', '$$$$']`],
    ['a dollar before a variable', `!template 'a$$$LG_PLACE'`, `['a$rock3a']`],
  ] as const) {
    it(`has ${title}`, () => expectSame(withCommand(written), ours(words)))
  }

  it('has the directory of its file', async () => {
    await using files = await writeFiles({ 'bench/lab.yaml': withCommand(`!template '$BASE/on $BASE'`) })
    const { environment, problems } = await check(files, 'bench/lab.yaml', {
      catalogue: (await import('../../../../src/app/catalogue.ts')).catalogue,
    })
    assert.deepEqual(problems, [])
    const [board] = environment?.boards ?? []
    assert.ok(board !== undefined && 'power' in board.hardware)
    const { on } = board.hardware.power.options as { on: readonly string[] }
    assert.deepEqual(on, [files.path('bench/on'), files.path('bench')])
  })

  for (const [title, written, message] of [
    [
      'is not set',
      `!template ▸'$LG_NOBODY'`,
      'the variable "LG_NOBODY" is not set, and this template needs it',
    ],
    [
      'is none of labgrid',
      `!template ▸'$HOME/on'`,
      'there is no variable "HOME" in templates of labgrid: it takes BASE, and variables of the process whose names begin with LG_',
    ],
    [
      'has no name',
      `!template ▸'5$'`,
      '"5$" is no template: "$" is followed by the name of a variable, or by another "$"',
    ],
  ] as const) {
    it(`is refused where a variable ${title}`, () => expectProblems(withCommand(written), [message]))
  }

  it('is no part of our environments', () =>
    expectProblems(`boards: { r1: { architecture: arm64, machine: ▸!template simulator } }\n`, [
      'unresolved tag: !template',
    ]))
})
