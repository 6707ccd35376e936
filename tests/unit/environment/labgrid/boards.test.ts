import assert from 'node:assert/strict'
import { expectProblems, expectSame, remarksOn, target } from '../../../support/labgrid/same-board.ts'

const console = `
resources:
  RawSerialPort: { port: /dev/null }
drivers:
  ManualPowerDriver: {}
  SerialDriver: {}`

describe('A target of labgrid', () => {
  it('is a board, with serial port, power, bootloader, shell and strategy', async () => {
    await expectSame(
      target(`
resources:
  RawSerialPort: { port: /dev/null, speed: 1500000 }
drivers:
  ExternalPowerDriver: { cmd_on: 'pdu "on" 3', cmd_off: pdu off 3, delay: 3.5 }
  SerialDriver: { txdelay: 0.01, txchunk: 4, timeout: 3.0 }
  BareboxDriver:
    prompt: 'barebox@[^:]+:[^ ]+ '
    interrupt: "\\x03"
    bootstring: 'Linux version'
    login_timeout: 90
  ShellDriver:
    prompt: 'root@[\\w-]+:[^ ]+ '
    login_prompt: ' login: '
    username: root
    password: root
    login_timeout: 100
    await_login_timeout: 10
  BareboxStrategy: {}
features: [camera]`),
      `boards:
  main:
    architecture: unknown
    power: { driver: command, on: [pdu, 'on', '3'], off: [pdu, 'off', '3'] }
    power-off-time: 3.5s
    console: { driver: serial, port: /dev/null, baud: 1500000, char-delay: 2.5ms }
    bootloader: { driver: barebox, prompt: 'barebox@[^:]{1,80}:[^ ]{1,80} ', interrupt: ctrl-c }
    shell:
      driver: linux
      user: root
      password: root
      prompt: 'root@[\\w-]{1,80}:[^ ]{1,80} '
      login-prompt: ' login: '
      nudge-after: 10s
    strategy: barebox
    timeouts: { states: { bootloader: 90s, shell: 100s } }
    features: [camera]
`,
    )
  })

  it('is one board of several, with the features of the file', async () => {
    const board = (
      port: string,
    ) => `{ architecture: unknown, power: manual, strategy: direct, features: [lab],
      console: { driver: serial, port: ${port} },
      shell: { driver: linux, user: me, prompt: '# ', login-prompt: 'login: ' } }`
    const one = (port: string) => `
    resources: { RawSerialPort: { port: ${port} } }
    drivers:
    - ManualPowerDriver: {}
    - cls: SerialDriver
    - ShellDriver: { prompt: '# ', login_prompt: 'login: ', username: me }
    - ShellStrategy: {}`
    await expectSame(
      `features: [lab]\ntargets:\n  first:${one('/dev/null')}\n  second:${one('/dev/zero')}\n`,
      `boards:\n  first: ${board('/dev/null')}\n  second: ${board('/dev/zero')}\n`,
    )
  })

  it('has the adapter that udev would find', async () => {
    const withMatch = (match: string) =>
      target(
        `resources: { USBSerialPort: { match: ${match}, speed: 9600 } }\ndrivers: { ManualPowerDriver: {}, SerialDriver: {} }`,
      )
    const ours = (port: string) =>
      `boards: { main: { architecture: unknown, power: manual, console: { driver: serial, port: '${port}', baud: 9600 } } }`
    await expectSame(
      withMatch("{ '@ID_PATH': 'pci-0000:00:14.0-usb-0:2.2', SUBSYSTEM: tty }"),
      ours('usb:path=pci-0000:00:14.0-usb-0:2.2'),
    )
    await expectSame(
      withMatch("{ ID_SERIAL_SHORT: P-00-01084, ID_USB_INTERFACE_NUM: '0a' }"),
      ours('usb:serial=P-00-01084,interface=10'),
    )
  })

  it('has its options over those of the file, but for labgrid its own', async () => {
    const lines = target(
      `${console}\noptions: { relay: 4, none: ~, nested: { port: !template 'p$LG_PORT', cost: 5$$ } }`,
    )
    await expectSame(
      `options: { coordinator_address: lab, relay: 3, site: here }\n${lines}`,
      `boards: { main: { architecture: unknown, power: manual, console: { driver: serial, port: /dev/null },
        options: { relay: 4, site: here, nested: { port: p2001, cost: 5$$$$ } } } }`,
    )
  })

  it('has the consoles that its drivers bind by name, the main one and those beside it', async () => {
    await expectSame(
      target(`
resources:
- RawSerialPort: { name: one, port: /dev/null }
- NetworkSerialPort: { name: two, host: lab, port: 4001, protocol: raw }
drivers:
- ManualPowerDriver: {}
- SerialDriver: { name: linux, bindings: { port: one } }
- SerialDriver: { name: Secure World, bindings: { port: two } }
- ShellDriver: { prompt: '# ', login_prompt: 'login: ', username: root, bindings: { console: linux } }
- ShellStrategy: { bindings: { console: linux } }`),
      `boards:
  main:
    architecture: unknown
    power: manual
    strategy: direct
    console: { driver: serial, port: /dev/null }
    consoles: { secure-world: { driver: tcp, host: lab, port: 4001 } }
    shell: { driver: linux, prompt: '# ', login-prompt: 'login: ' }
`,
    )
  })

  it('asks a person to switch it where it has no power driver, and says so', async () => {
    const remarks = await remarksOn(
      target('resources: { RawSerialPort: { port: /dev/null } }\ndrivers: { SerialDriver: {} }'),
    )
    assert.deepEqual(remarks, ['2:3: the target "main" has no power driver: a person is asked to switch it'])
  })

  it('has the strategy of its bootloader in place of one in Python, and says so', async () => {
    await expectSame(
      target(`${console}\n  UBootDriver: {}\n  MyBoardStrategy: { status: off }`),
      'boards: { main: { architecture: unknown, power: manual, strategy: uboot, bootloader: uboot, console: { driver: serial, port: /dev/null } } }',
    )
    const remarks = await remarksOn(target(`${console}\n  UBootDriver: {}\n  MyBoardStrategy: {}`))
    assert.match(remarks.join('\n'), /^\d+:7: MyBoardStrategy is Python, which hil does not run/)
  })

  it('says of what neither labgrid nor hil knows that it is not done', async () => {
    const remarks = await remarksOn(target(`${console}\nrunner: { kconfig: [] }`))
    assert.match(remarks.join('\n'), /neither hil nor labgrid knows "runner" of a target/)
  })

  for (const [title, lines, messages] of [
    [
      'a driver that hil has none for',
      `${console}\n  ▸OpenOCDDriver: {}`,
      ['OpenOCDDriver: hil has no driver for what this one does'],
    ],
    [
      'a driver of a module in Python',
      `${console}\n  ▸MyFlashDriver: {}`,
      [
        'there is no driver "MyFlashDriver" in labgrid; what a module in Python adds by "imports" is not known here, for hil runs no Python',
      ],
    ],
    [
      'a misspelt attribute',
      'resources:\n  RawSerialPort: { port: /dev/null, ▸sped: 9600 }\ndrivers:\n  ManualPowerDriver: {}\n  SerialDriver: {}',
      ['RawSerialPort has no attribute "sped"; did you mean "speed"?'],
    ],
    [
      'a missing resource',
      'drivers:\n  ManualPowerDriver: {}\n  ▸SerialDriver: {}',
      [
        'SerialDriver needs a resource RawSerialPort or NetworkSerialPort or USBSerialPort, and the target "main" has none',
      ],
    ],
    [
      'two resources of which any could be meant',
      'resources:\n- RawSerialPort: { name: a, port: /dev/null }\n- RawSerialPort: { name: b, port: /dev/zero }\ndrivers:\n  ManualPowerDriver: {}\n  ▸SerialDriver: {}',
      ['SerialDriver can have any of a, b: name one by "bindings: { port: NAME }"'],
    ],
    [
      'bootloader and shell on two consoles',
      'resources:\n- RawSerialPort: { name: a, port: /dev/null }\n- RawSerialPort: { name: b, port: /dev/zero }\ndrivers:\n- ManualPowerDriver: {}\n- SerialDriver: { name: c, bindings: { port: a } }\n- SerialDriver: { name: d, bindings: { port: b } }\n- BareboxDriver: { bindings: { console: c } }\n- ▸ShellDriver: { prompt: x, login_prompt: y, username: z, bindings: { console: d } }',
      [
        'hil has bootloader and shell on one console, and here they are on two: BareboxDriver on "c", ShellDriver on "d"',
      ],
    ],
    [
      'a target without a console',
      'resources:\n  NetworkService: { address: 10.0.0.7, username: root }\ndrivers:\n  ▸SSHDriver: {}',
      [
        'SSHDriver is here without a console, and hil reaches a board by its console: by a SerialDriver, an ExternalConsoleDriver or a QEMUDriver',
      ],
    ],
    [
      'a strategy without its driver',
      `${console}\n  ▸BareboxStrategy: {}`,
      ['BareboxStrategy needs a BareboxDriver, and the target "main" has none'],
    ],
    [
      'an item of a list without a value',
      'drivers:\n- ▸ManualPowerDriver:\n- ExternalConsoleDriver: { cmd: cat }',
      ['"ManualPowerDriver" has no value, which labgrid refuses in a list; write "- ManualPowerDriver: {}"'],
    ],
    [
      'a protocol that there is not',
      'resources:\n  NetworkSerialPort: { host: lab, port: 4001, protocol: ▸ssh }\ndrivers:\n  ManualPowerDriver: {}\n  SerialDriver: {}',
      ['NetworkSerialPort: there is no protocol "ssh"; there are rfc2217, raw'],
    ],
    [
      'an adapter that hil can not find',
      'resources:\n  USBSerialPort: { match: { ▸ID_MODEL: FT232 } }\ndrivers:\n  ManualPowerDriver: {}\n  SerialDriver: {}',
      [
        'USBSerialPort: hil can\'t find an adapter by "ID_MODEL"; it does by ID_SERIAL_SHORT, ID_PATH, ID_USB_INTERFACE_NUM, ID_VENDOR_ID, ID_MODEL_ID, sys_name ("hil suggest" prints what is plugged in)',
      ],
    ],
  ] as const) {
    it(`is refused with its place for ${title}`, () => expectProblems(target(lines), messages))
  }

  it('is refused where a file tells what an exporter has', async () => {
    await expectProblems('▸desk:\n  RawSerialPort: { port: /dev/ttyUSB0 }\n', [
      "this tells labgrid's exporter what it offers; an environment has targets with resources and drivers, or boards",
    ])
  })
})
