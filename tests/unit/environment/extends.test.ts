import assert from 'node:assert/strict'
import { noPayload } from '../../../src/environment/payload-settings.ts'
import { check, checkMarked, writeFiles, type Files } from '../../support/environment-files.ts'

async function boardOf(files: Files, name: string) {
  const { environment, problems } = await check(files, name)
  assert.deepEqual(problems, [])
  const [board] = environment?.boards ?? []
  assert.ok(environment !== undefined && board !== undefined)
  return { environment, board }
}

const lab = `defaults:
  architecture: arm64
  compatible: ['vendor,board', 'vendor,soc']
  power: { driver: command, on: ./relay on, off: ./relay off }
  console: { driver: serial, port: ./port, baud: 1500000 }
  boot: { payload: { kernel: Image } }
  timeouts: { states: { shell: 60s } }
boards:
  r1: { features: [hdmi] }
`

describe('An environment that extends another', () => {
  it('merges maps deeply, and replaces lists and single values', async () => {
    await using files = await writeFiles({
      'lab.yaml': lab,
      'mine.yaml': `extends: lab.yaml
defaults:
  compatible: other,board
  console: { baud: 115200 }
  timeouts: { states: { bootloader: 5s } }
boards:
  r1: { after: "on" }
`,
    })
    const { board } = await boardOf(files, 'mine.yaml')
    assert.deepEqual(board.compatible, ['other,board'])
    assert.ok('console' in board.hardware)
    assert.deepEqual(board.hardware.console.options, {
      port: files.path('port'),
      baud: 115200,
      parity: 'none',
    })
    assert.deepEqual(board.timeouts.states, { shell: 60_000, bootloader: 5000 })
    assert.deepEqual([board.after, board.features], ['on', ['hdmi']])
  })

  it('resolves paths against the file in which they are written', async () => {
    await using files = await writeFiles({
      'shared/lab.yaml': lab,
      'mine.yaml': 'extends: shared/lab.yaml\ndefaults: { boot: { payload: { device-tree: mine.dtb } } }\n',
    })
    const { board, environment } = await boardOf(files, 'mine.yaml')
    assert.equal(board.boot.payload?.kernel, files.path('shared/Image'))
    assert.deepEqual(board.boot.payload?.deviceTrees, [files.path('mine.dtb')])
    assert.deepEqual(environment.files, [files.path('mine.yaml'), files.path('shared/lab.yaml')])
  })

  it('lays several bases over each other in the order written, and itself over all', async () => {
    await using files = await writeFiles({
      'a.yaml': lab,
      'b.yaml': 'defaults: { power-off-time: 1s, after: "on" }\n',
      'c.yaml': 'extends: b.yaml\ndefaults: { power-off-time: 2s }\n',
      'mine.yaml': 'extends: [a.yaml, ./c.yaml, b.yaml]\ndefaults: { after: as-is }\n',
    })
    const { board } = await boardOf(files, 'mine.yaml')
    assert.deepEqual([board.powerOffTimeMs, board.after], [1000, 'as-is'])
  })

  it('finds a base through a variable', async () => {
    await using files = await writeFiles({ 'lab/lab.yaml': lab, 'mine.yaml': 'extends: "${LAB}/lab.yaml"\n' })
    const { problems } = await check(files, 'mine.yaml', { variables: { LAB: 'lab' } })
    assert.deepEqual(problems, [])
  })

  it('drops the options of a driver when another one is chosen', async () => {
    await using files = await writeFiles({
      'lab.yaml': lab,
      'mine.yaml': 'extends: lab.yaml\nboards: { r1: { power: manual } }\n',
    })
    const { board } = await boardOf(files, 'mine.yaml')
    assert.ok('power' in board.hardware)
    assert.deepEqual(board.hardware.power.options, {})
  })

  it('keeps the options of a driver that is named again in short', async () => {
    await using files = await writeFiles({
      'lab.yaml': `${lab}templates: { t: { console: serial, bootloader: { driver: barebox, interrupt-key: x } } }\n`,
      'mine.yaml': 'extends: lab.yaml\nboards: { r1: { template: t, bootloader: barebox } }\n',
    })
    const { board } = await boardOf(files, 'mine.yaml')
    assert.deepEqual(board.bootloader?.options, { interruptKey: 'x', program: '${BASH:-sh}' })
    assert.ok('console' in board.hardware)
    assert.deepEqual(board.hardware.console.options, {
      port: files.path('port'),
      baud: 1_500_000,
      parity: 'none',
    })
  })

  it('takes out what is inherited with null', async () => {
    await using files = await writeFiles({
      'lab.yaml': lab,
      'mine.yaml': `extends: lab.yaml
boards:
  r1: { power: null, console: ~, machine: simulator, boot: { payload: { kernel: null } }, features: null }
`,
    })
    const { board } = await boardOf(files, 'mine.yaml')
    assert.ok('machine' in board.hardware)
    assert.deepEqual(board.boot.payload, noPayload)
    assert.deepEqual(board.features, [])
  })
})

describe('Problems with bases are told at their place', () => {
  const cases: readonly (readonly [
    title: string,
    files: Readonly<Record<string, string>>,
    says: readonly string[],
  ])[] = [
    [
      'a base that does not exist, at the line that asks for it',
      { 'mine.yaml': 'extends: [lab.yaml, ▸lap.yaml, ▸"./none/x.yaml"]\n', 'lab.yaml': lab },
      [
        'the base file "lap.yaml" does not exist (lap.yaml); did you mean "lab.yaml"?',
        'the base file "./none/x.yaml" does not exist (none/x.yaml)',
      ],
    ],
    [
      'a null that takes out nothing',
      {
        'a.yaml': `extends: b.yaml
boards:
  r1: { features: null, ▸mashine: null, power: null, console: null, machine: simulator, boot: { ▸payload: ~ } }
`,
        'b.yaml': lab.replace(/ {2}boot.*/, ''),
      },
      [
        '"mashine" is null, but nothing is inherited that it could take out',
        '"payload" is null, but nothing is inherited that it could take out',
      ],
    ],
    [
      'a circle of bases, at the line that closes it',
      {
        'a.yaml': 'extends: x/b.yaml\nboards: { r1: { architecture: arm, machine: simulator } }\n',
        'x/b.yaml': 'extends: ▸../a.yaml\n',
      },
      ['"a.yaml" extends itself: a.yaml > x/b.yaml > a.yaml'],
    ],
    [
      'a file that extends itself',
      { 'a.yaml': 'extends: ▸a.yaml\nboards: { r1: { architecture: arm, machine: simulator } }\n' },
      ['"a.yaml" extends itself: a.yaml > a.yaml'],
    ],
    [
      'names that are none, and variables that are missing',
      {
        'a.yaml':
          'extends: [▸5, ▸{}, "▸${NONE}", "▸${board.name}"]\nboards: { r1: { architecture: arm, machine: simulator } }\n',
      },
      [
        '"extends" is 5; expected the path of a file, or a list of paths',
        '"extends" is a map; expected the path of a file, or a list of paths',
        'the variable "NONE" is not set; set it, or write ${NONE:-default}',
        '${board.name} has a value inside of boards only',
      ],
    ],
    [
      'problems of the base in the base, those of the file first, all in one go',
      {
        'mine.yaml': 'extends: x/lab.yaml\n▸bords: 1\nboards: { r2: { after: ▸never } }\n',
        'x/lab.yaml': `${lab}  r3:
    console: { driver: serial }
    power: manual
    ▸power: { driver: command }
▸\tafter: on
    ▸aftr: on
`,
      },
      [
        'unknown key "bords"; did you mean "boards"?',
        '"after" is "never"; expected "off", "on" or "as-is"',
        'the key "power" is given twice, first in line 12',
        'a tab indents this line; YAML takes spaces only',
        'unknown key "aftr"; did you mean "after"?',
      ],
    ],
  ]
  for (const [title, files, says] of cases) {
    it(title, async () => {
      const { found, marked, messages } = await checkMarked(files)
      assert.deepEqual(messages, says)
      assert.deepEqual(found, marked)
    })
  }
})
