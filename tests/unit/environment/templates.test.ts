import assert from 'node:assert/strict'
import { check, checkMarked, writeFiles } from '../../support/environment-files.ts'

const templates = `templates:
  rock3a:
    architecture: arm64
    power: { driver: command, on: "relay on \${board.outlet}", off: "relay off \${board.outlet}" }
    console: { driver: serial, port: "/dev/serial/by-id/\${board.port}", baud: "\${board.baud:-1500000}" }
    bootloader: barebox
`

async function boardsOf(text: string) {
  await using files = await writeFiles({ 'lab.yaml': text })
  const { environment, problems } = await check(files, 'lab.yaml')
  assert.deepEqual(problems, [])
  return environment?.boards ?? []
}

describe('Templates', () => {
  it('describe forty boards in at most 120 lines', async () => {
    const numbers = Array.from({ length: 40 }, (_, index) => index + 1)
    const lines = numbers.map(
      (n) => `  r${n}: { template: rock3a, with: { port: usb-FTDI_${n}, outlet: ${n} } }`,
    )
    const text = `${templates}boards:\n${lines.join('\n')}\n`
    assert.ok(text.split('\n').length <= 120)
    const boards = await boardsOf(text)
    assert.equal(boards.length, 40)
    const [last] = boards.slice(-1)
    assert.ok(last !== undefined && 'power' in last.hardware)
    assert.deepEqual(last.hardware.power.options, { on: 'relay on 40', off: 'relay off 40', timeout: 10_000 })
    assert.deepEqual(last.hardware.console.options, {
      port: '/dev/serial/by-id/usb-FTDI_40',
      baud: 1_500_000,
      parity: 'none',
    })
  })

  it('keep the order of the file', async () => {
    const boards = await boardsOf(
      `defaults: { architecture: arm, machine: simulator }\nboards:\n  b:\n  a: {}\n  10:\n  9:\n`,
    )
    assert.deepEqual(
      boards.map(({ name }) => name),
      ['b', 'a', '10', '9'],
    )
  })

  it('lie over the defaults and under what a board says itself', async () => {
    const [board] = await boardsOf(
      `${templates}defaults: { after: "on", power-off-time: 1s, features: [a] }
boards:
  r1:
    template: rock3a
    with: { port: x, outlet: 1 }
    power-off-time: 3s
    console: { baud: 9600 }
`,
    )
    assert.ok(board !== undefined && 'console' in board.hardware)
    assert.deepEqual([board.after, board.powerOffTimeMs, board.features], ['on', 3000, ['a']])
    assert.deepEqual(board.hardware.console.options, {
      port: '/dev/serial/by-id/x',
      baud: 9600,
      parity: 'none',
    })
  })

  it('take numbers into a text as they are written', async () => {
    const [board] = await boardsOf(
      `${templates}boards: { r1: { template: rock3a, with: { port: x, outlet: 007 } } }\n`,
    )
    assert.ok(board !== undefined && 'power' in board.hardware)
    assert.deepEqual(board.hardware.power.options, {
      on: 'relay on 007',
      off: 'relay off 007',
      timeout: 10_000,
    })
  })

  it('take whole values of any kind, and know the name of the board', async () => {
    const [board] = await boardsOf(
      `defaults: { architecture: arm, machine: simulator, features: "\${board.has}", boot: { bootargs: "host=\${board.name}" } }
boards: { r1: { with: { has: [a, "\${board.name}-b"] } } }
`,
    )
    assert.deepEqual(board?.features, ['a', 'r1-b'])
    assert.deepEqual(board?.boot.bootargs, ['host=r1'])
  })
})

describe('Problems with templates are told at their place', () => {
  const cases: readonly (readonly [title: string, text: string, says: readonly string[]])[] = [
    [
      'a template that does not exist',
      `${templates}boards:
  r1: { template: ▸rock3 }
  r2: { template: ▸imx }
  r3: { template: ▸[rock3a] }
`,
      [
        'there is no template "rock3"; did you mean "rock3a"?',
        'there is no template "imx"; there are rock3a',
        '"template" is a list; expected the name of a template; there are rock3a',
      ],
    ],
    [
      'a template where there are none',
      'boards:\n  r1: { template: ▸rock3a }\n',
      ['there is no template "rock3a"; there are none'],
    ],
    [
      'values that a board does not give, and values that nothing uses, at the board',
      `${templates}boards:
  ▸r1: { template: rock3a, with: { port: x } }
  r2: { template: rock3a, ▸with: { port: x, ▸outlte: 2 } }
`
        .replace('r1: { template: rock3a, with', 'r1: { template: rock3a, ▸with')
        .replace('▸r1', 'r1'),
      [
        'the board "r1" gives no "outlet", which lab.yaml:4 asks for; add it under "with"',
        'the board "r2" gives no "outlet", which lab.yaml:4 asks for; did you mean "outlte"?',
        'nothing uses "outlte": there is no ${board.outlte} in what holds for this board',
      ],
    ],
    [
      'a board without values, at its name',
      `${templates}boards:\n  ▸r1: { template: rock3a }\n`,
      [
        'the board "r1" gives no "outlet", which lab.yaml:4 asks for; add it under "with"',
        'the board "r1" gives no "port", which lab.yaml:5 asks for; add it under "with"',
      ],
    ],
    [
      'a wrong value where it is given, though the template uses it',
      `${templates}boards:
  r1: { template: rock3a, with: { port: x, outlet: 1, baud: ▸fast } }
  r2: { template: rock3a, with: { port: ▸, outlet: 1, baud: ▸0 } }
`.replace('port: ▸,', '▸port: ,'),
      ['"baud" is "fast"; expected a number', '"port" has no value', '"baud" is 0; expected at least 1'],
    ],
    [
      'a list in the middle of a text, where it is used',
      `${templates.replace('id/${board.port}', 'id/▸${board.port}')}boards:
  r1: { template: rock3a, with: { port: [a], outlet: 1 } }
`,
      ["${board.port} is a list, which can't stand inside a text"],
    ],
    [
      'what is wrong in the template itself, once for all boards',
      `${templates.replace('bootloader', '▸bootlaoder')}boards:
  r1: { template: rock3a, with: { port: x, outlet: 1 } }
  r2: { template: rock3a, with: { port: y, outlet: 2 } }
`,
      ['unknown key "bootlaoder"; did you mean "bootloader"?'],
    ],
    [
      'values that are no map',
      `${templates}boards:\n  r1: { template: rock3a, with: ▸5, power: manual, console: { port: a, baud: 1 } }\n`,
      ['"with" is 5; expected a map'],
    ],
  ]
  for (const [title, text, says] of cases) {
    it(title, async () => {
      const { found, marked, messages } = await checkMarked({ 'lab.yaml': text })
      assert.deepEqual(messages, says)
      assert.deepEqual([...new Set(found)], marked)
    })
  }
})
