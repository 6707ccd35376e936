import assert from 'node:assert/strict'
import { hardwareChoices } from '../../../src/environment/boards/driver-choices.ts'
import { noPayload } from '../../../src/environment/payload-settings.ts'
import { check, checkMarked, writeFiles } from '../../support/environment-files.ts'

type Variables = Readonly<Record<string, string>>

/** The options of the drivers of board `r1`, after reading `env/lab.yaml` in the directory `here`. */
async function load(board: string, variables: Variables) {
  await using files = await writeFiles({
    'env/lab.yaml': `boards:\n  r1:\n    architecture: arm64\n${board}`,
  })
  const { environment, problems } = await check(files, 'env/lab.yaml', {
    variables: { HOME: '/home/me', ...variables },
  })
  assert.deepEqual(problems, [])
  const [spec] = environment?.boards ?? []
  assert.ok(environment !== undefined && spec !== undefined)
  const options = Object.assign(
    {},
    ...hardwareChoices(spec.hardware).map((choice) => choice.options),
  ) as Record<string, unknown>
  return { environment, spec, options, here: files.directory }
}

const serial = (port: string, rest = '') =>
  `    power: manual\n    console: { driver: serial, port: ${port}${rest} }\n`

describe('Variables in an environment', () => {
  for (const [title, port, expected] of [
    ['take their value from the process', '"/dev/${PORT}"', '/dev/ttyS1'],
    ['may stand several times in a text', '"/dev/${PORT}-${PORT}"', '/dev/ttyS1-ttyS1'],
    ['have a default', '"/dev/${NONE:-ttyS9}"', '/dev/ttyS9'],
    ['have a default that holds variables again', '"/dev/${NONE:-a${NONE:-${PORT}}}"', '/dev/attyS1'],
    ['take the default when they are empty, as in a shell', '"/dev/${EMPTY:-ttyS9}"', '/dev/ttyS9'],
    ['may be empty where there is no default', '"/dev/x${EMPTY}"', '/dev/x'],
    ['need a brace: a dollar alone is a dollar', '"/dev/$PORT$"', '/dev/$PORT$'],
    ['can be escaped', '"/dev/$${PORT}$$"', '/dev/${PORT}$'],
  ] as const) {
    it(title, async () => {
      const { options } = await load(serial(port), { PORT: 'ttyS1', EMPTY: '' })
      assert.equal(options['port'], expected)
    })
  }

  it('become numbers and booleans where those are expected, and stay text where text is', async () => {
    const { options } = await load(serial('"/dev/x"', ', baud: "${N}", parity: "${P:-even}"'), { N: '9600' })
    assert.equal(options['baud'], 9600)
    assert.equal(options['parity'], 'even')
    const machine =
      '    machine: { driver: qemu, firmware: f, memory: "${N}", network: "${F}", uart: "${U:-3}" }\n'
    const other = await load(machine, { N: '2048', F: 'false' })
    assert.equal(other.options['memory'], '2048')
    assert.equal(other.options['network'], false)
    assert.equal(other.options['uart'], 3)
  })

  it('keep leading zeros inside of a text', async () => {
    const { options } = await load(serial('"/dev/x${N}"'), { N: '007' })
    assert.equal(options['port'], '/dev/x007')
  })

  it('know the cache of hil, wherever it is', async () => {
    const port = serial('"${HIL_CACHE}/x"')
    assert.equal((await load(port, {})).options['port'], '/home/me/.cache/hil/x')
    assert.equal((await load(port, { XDG_CACHE_HOME: '/var/cache' })).options['port'], '/var/cache/hil/x')
    assert.equal(
      (await load(port, { XDG_CACHE_HOME: 'not/absolute' })).options['port'],
      '/home/me/.cache/hil/x',
    )
  })

  it('choose a driver', async () => {
    const { spec } = await load('    machine: { driver: "${M:-simulator}" }\n    bootloader: ${B}\n', {
      B: 'uboot',
    })
    assert.ok('machine' in spec.hardware)
    assert.equal(spec.hardware.machine.driver.name, 'simulator')
    assert.equal(spec.bootloader?.driver.name, 'uboot')
  })

  it('are named when their value looks like a secret', async () => {
    const power = '    power: { driver: command, on: "curl -u me:${PDU_PASSWORD}", off: "x ${NAME}" }\n'
    const console = '    console: { driver: serial, port: a }\n'
    const { environment } = await load(power + console, { PDU_PASSWORD: 'x', NAME: 'y' })
    assert.deepEqual(environment.secretVariables, ['PDU_PASSWORD'])
  })
})

describe('Paths in an environment', () => {
  it('are relative to the file they are written in', async () => {
    const { options, here } = await load(serial('./a'), {})
    assert.equal(options['port'], `${here}/env/a`)
  })

  it('are relative to where the person is when they begin with a variable', async () => {
    const { options, here } = await load(serial('"${PORT}/a"'), { PORT: 'build' })
    assert.equal(options['port'], `${here}/build/a`)
    assert.equal(
      (await load(serial('"${PORT:-b}/a"'), {})).options['port']?.toString().endsWith('/env/b/a'),
      true,
    )
  })

  it('are none where a USB adapter is named in place of a port', async () => {
    const { options } = await load(serial('usb:A50285BI'), {})
    assert.equal(options['port'], 'usb:A50285BI')
  })

  it('may begin with the home directory', async () => {
    assert.equal((await load(serial('~/a'), {})).options['port'], '/home/me/a')
    assert.equal((await load(serial('~x/a'), {})).options['port']?.toString().endsWith('/env/~x/a'), true)
  })

  it('are found at any depth of options, in lists and in unions', async () => {
    const { options, spec, here } = await load(
      '    machine: { driver: qemu, firmware: f, drives: [{ path: d }, { path: /d }] }\n' +
        '    boot: { payload: { kernel: k, device-tree: d, initrd: { busybox: b } } }\n' +
        '    shell: { password: { file: p } }\n',
      {},
    )
    assert.deepEqual(options['drives'], [
      { path: `${here}/env/d`, readonly: false },
      { path: '/d', readonly: false },
    ])
    assert.deepEqual(spec.boot.payload, {
      ...noPayload,
      kernel: `${here}/env/k`,
      deviceTrees: [`${here}/env/d`],
      busybox: `${here}/env/b`,
    })
    assert.deepEqual(spec.shell.options, { user: 'root', password: { file: `${here}/env/p` } })
  })
})

describe('Problems with variables are told at their place', () => {
  const cases: readonly (readonly [title: string, line: string, says: readonly string[]])[] = [
    [
      'a variable that is not set, and nothing else about the value that needs it',
      '    timeouts: { command: "▸${SOME_TIME}", release: "▸${SOME_TIM}" }\n    after: ▸${NONE}\n',
      [
        'the variable "SOME_TIME" is not set; set it, or write ${SOME_TIME:-default}; did you mean "SOMETIME"?',
        'the variable "SOME_TIM" is not set; set it, or write ${SOME_TIM:-default}; did you mean "SOMETIME"?',
        'the variable "NONE" is not set; set it, or write ${NONE:-default}',
      ],
    ],
    [
      'the second of several variables in a text with escapes',
      '    strategy: "\\u0061${SOMETIME}$${X}▸${NONE}.ts"\n',
      ['the variable "NONE" is not set; set it, or write ${NONE:-default}'],
    ],
    [
      'a variable that is needed by a default',
      '    strategy: ${A:-▸${NONE}}\n',
      ['the variable "NONE" is not set; set it, or write ${NONE:-default}'],
    ],
    [
      'a variable in a text of several lines',
      '    features:\n      - |\n        some\n        ▸${NONE} text\n',
      ['the variable "NONE" is not set; set it, or write ${NONE:-default}'],
    ],
    [
      'braces that are not closed, or hold no name',
      '    strategy: ▸${A\n    features: ["▸${}", "▸${A:-b", "▸${1}"]\n',
      [
        '"${A" is not closed; write ${A} or ${A:-default}; a dollar for itself is "$$"',
        '"${" must be followed by the name of a variable; a dollar for itself is "$$"',
        '"${A:-" is not closed by "}"; a dollar for itself is "$$"',
        '"${" must be followed by the name of a variable; a dollar for itself is "$$"',
      ],
    ],
    [
      'a wrong value from a variable, with what it came to',
      '    after: ▸${SOMETIME}\n',
      ['"after" is "soon"; expected "off", "on" or "as-is"'],
    ],
  ]
  for (const [title, line, says] of cases) {
    it(title, async () => {
      const { found, marked, messages } = await checkMarked(
        { 'env.yaml': `boards:\n  r1:\n    architecture: arm64\n    machine: simulator\n${line}` },
        { variables: { HOME: '/home/me', SOMETIME: 'soon' } },
      )
      assert.deepEqual(messages, says)
      assert.deepEqual(found, marked)
    })
  }
})
