import assert from 'node:assert/strict'
import { expectProblems, expectSame, target } from '../../../support/labgrid/same-board.ts'

function withBootloader(driver: string, more = ''): string {
  return target(`resources:
  RawSerialPort: { port: /dev/null }
  NetworkService: { address: 10.0.0.7, username: lab, password: geheim, port: 2222 }
drivers:
  ManualPowerDriver: {}
  SerialDriver: {}
  ${driver}
  ${more}`)
}

function ours(board: string): string {
  return `boards: { main: { architecture: unknown, power: manual, console: { driver: serial, port: /dev/null }, ${board} } }\n`
}

describe("labgrid's drivers for bootloaders", () => {
  for (const [title, driver, board] of [
    ['barebox, as it is', 'BareboxDriver: {}', 'bootloader: barebox'],
    [
      'barebox with a password, and another announcement',
      `BareboxDriver: { password: geheim, autoboot: 'press \\w+ to stop', interrupt: "\\x1b", bootstring: 'x', boot_command: boot -v mmc1 }`,
      `bootloader: { driver: barebox, password: geheim, autoboot: 'press \\w{1,80} to stop', interrupt: esc }, boot: { source: mmc1 }`,
    ],
    [
      'the autoboot of barebox as labgrid writes it',
      `BareboxDriver: { autoboot: stop autoboot, boot_command: boot -v, interrupt: "\\n" }`,
      'bootloader: { driver: barebox, interrupt: enter }',
    ],
    [
      'U-Boot with all that it can say',
      `UBootDriver: { prompt: '=> ', autoboot: 'Autoboot in', password: geheim, password_prompt: 'Password\\? ', init_commands: [setenv a b, 'setenv c $\{d}'], boot_command: run mmcboot, login_timeout: 40, boot_timeout: 50 }`,
      `bootloader: { driver: uboot, prompt: '=> ', autoboot: 'Autoboot in', password: geheim, password-prompt: 'Password\\? ', init-commands: [setenv a b, 'setenv c $$\{d}'] }, boot: { source: run mmcboot }, timeouts: { states: { bootloader: 40s, linux: 50s } }`,
    ],
    [
      'a U-Boot that is stopped by a word',
      'UBootDriver: { interrupt: stop }',
      'bootloader: { driver: uboot, stop-string: stop }',
    ],
  ] as const) {
    it(`are ours for ${title}`, () => expectSame(withBootloader(driver), ours(board)))
  }

  for (const [title, driver, messages] of [
    [
      'a U-Boot without echo',
      '▸SmallUBootDriver: { boot_secret: a }',
      [
        'SmallUBootDriver: hil drives no U-Boot without the command "echo", for nothing else tells how a command ended',
      ],
    ],
    [
      'a prompt that is no bounded pattern',
      "BareboxDriver: { prompt: ▸'(?i)barebox: ' }",
      [
        `BareboxDriver: the pattern "(?i)barebox: " of "prompt" can't be taken over: flags inside the pattern, as in "(?i)", are not known here`,
      ],
    ],
    [
      'a command that boots in another way',
      'BareboxDriver: { boot_command: ▸bootm /dev/nor0 }',
      [`BareboxDriver: hil starts barebox's own boot sources ("boot mmc0"), and not by "bootm /dev/nor0"`],
    ],
    [
      'time stamps before what U-Boot says',
      'UBootDriver: { strip_timestamp: ▸true }',
      ['UBootDriver: hil takes no time stamps off the lines of U-Boot; build it without them'],
    ],
    [
      'commands that are no list',
      'UBootDriver: { init_commands: ▸setenv a b }',
      ['UBootDriver: "init_commands" is "setenv a b"; expected a list'],
    ],
    [
      'a key that is to be put on the board',
      'ShellDriver: { prompt: x, login_prompt: y, username: z, keyfile: ▸id_rsa }',
      [
        'ShellDriver: hil puts no key on the board; build it into the image, or have a test put it there by board.files',
      ],
    ],
  ] as const) {
    it(`are refused with the place for ${title}`, () => expectProblems(withBootloader(driver), messages))
  }
})

describe("labgrid's driver for SSH", () => {
  it('logs in as its resource says, and trusts the keys that the board shows', () =>
    expectSame(
      withBootloader('SSHDriver: { keyfile: id_ed25519, connection_timeout: 10.0 }'),
      ours(
        'ssh: { driver: ssh2, host: 10.0.0.7, port: 2222, user: lab, password: geheim, key: id_ed25519, host-key: console }',
      ),
    ))

  it('says of itself who logs in, before its resource', async () => {
    await expectSame(
      withBootloader('SSHDriver: { username: root, password: andere }'),
      ours('ssh: { host: 10.0.0.7, port: 2222, user: root, password: andere, host-key: console }'),
    )
    await assert.rejects(
      expectSame(withBootloader('SSHDriver: { username: root }'), ours('ssh: { host: 10.0.0.8 }')),
    )
  })
})
