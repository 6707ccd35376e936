import assert from 'node:assert/strict'
import type { HilError } from '../../../src/core/errors.ts'
import { loadEnvironment } from '../../../src/environment/load-environment.ts'
import { check, checkMarked, writeFiles } from '../../support/environment-files.ts'
import { smallCatalogue } from '../../support/small-catalogue.ts'

interface Case {
  readonly title: string
  /** The environment; `▸` stands before the place of each problem. */
  readonly yaml: string
  readonly says: readonly string[]
}

function reports(cases: readonly Case[]): void {
  for (const { title, yaml, says } of cases) {
    it(title, async () => {
      const { found, marked, messages } = await checkMarked({ 'env.yaml': yaml })
      assert.deepEqual(messages, says)
      assert.deepEqual(found, marked)
    })
  }
}

/** A board to which a test adds what it is about. */
const board = `boards:
  r1:
    architecture: arm64
    power: manual
    console: { driver: serial, port: /dev/ttyUSB0 }
`

/** The same without a console, on which `r1` is a machine. */
const machine = `boards:
  r1:
    architecture: arm64
    machine:
`

describe('Problems with YAML are told at their place', () => {
  reports([
    {
      title: 'a tab that indents',
      yaml: `${board}▸\tafter: on\n    ▸afer: on\n`,
      says: ['a tab indents this line; YAML takes spaces only', 'unknown key "afer"; did you mean "after"?'],
    },
    {
      title: 'a line that is indented wrongly, without losing the lines after it',
      yaml: `${board}▸   after: on\n    features: ▸5\n`,
      says: [
        'this line is indented neither like the keys above it nor deeper',
        '"features" is 5; expected a list (What this board has, for specs to ask: any words.)',
      ],
    },
    {
      title: 'a line that is indented deeper than a value allows',
      yaml: `${board}    after: ▸on\n      features: []\n`,
      says: ['this line has a value already, and the next one is indented as if it belonged to it'],
    },
    {
      title: 'a missing colon and a missing space',
      yaml: `${board}    ▸after on\n    strategy: barebox\n    ▸features:[]\n    boot: {}\n`,
      says: [
        'this line is no "key: value"; is the colon missing, or the space behind it?',
        'this line is no "key: value"; is the colon missing, or the space behind it?',
      ],
    },
    {
      title: 'a line that can’t be read, without calling missing what it may have held',
      yaml: `templates: {}\nboards:\n  r1:\n    ▸architecture arm64\n    ▸power: [manual\n    after: ▸off it\n`.replace(
        '▸power: [',
        'power: ▸[',
      ),
      says: [
        'this line is no "key: value"; is the colon missing, or the space behind it?',
        'this [ is never closed',
        '"after" is "off it"; expected "off", "on" or "as-is"',
      ],
    },
    {
      title: 'brackets and quotes that are never closed, where they are opened',
      yaml: `${board}    features: ▸[a, b\n    after: ▸"on\n    ▸strateg: barebox\n`,
      says: [
        'this [ is never closed',
        'this " is never closed',
        'unknown key "strateg"; did you mean "strategy"?',
      ],
    },
    {
      title: 'a value with a colon in it',
      yaml: `${board}    strategy: ▸a: b\n`,
      says: ['a value that contains ": " must stand in quotes'],
    },
    {
      title: 'a variable without quotes inside of brackets',
      yaml: `${board}    timeouts: { command: $▸{TIME} }\n    features: [$▸{A}, b]\n`,
      says: [
        'inside { } and [ ] a variable must stand in quotes: "${NAME}"',
        'inside { } and [ ] a variable must stand in quotes: "${NAME}"',
      ],
    },
    {
      title: 'a key that is given twice, with the line of the first one',
      yaml: `${board}    ▸power: manual\n▸boards: {}\n`,
      says: [
        'the key "power" is given twice, first in line 4',
        'the key "boards" is given twice, first in line 1',
      ],
    },
    {
      title: 'a second document',
      yaml: `${board}▸---\n`,
      says: ['a second document begins here ("---"); a file holds one environment'],
    },
    {
      title: 'an alias without anchor, and one inside of itself',
      yaml: `${board}    features: ▸*none\n    compatible: &all [▸*all]\n`,
      says: [
        'the alias "*none" refers to an anchor that is not set before it',
        'the alias "*all" contains itself',
      ],
    },
    {
      title: 'merge keys, keys that are no words, and unknown tags',
      yaml: `${board}    ▸<<: {}\n    ? ▸[a]\n    : b\n    after: ▸!power on\n`,
      says: [
        'merge keys ("<<") are not read here; use "defaults", "templates" or "extends"',
        'a key must be a word, not a list or a map',
        'unresolved tag: !power',
      ],
    },
    { title: 'an empty file', yaml: '▸# nothing yet\n', says: ['the file is empty; "boards" is expected'] },
    {
      title: 'a file that is no map',
      yaml: '▸- r1\n- r2\n',
      says: ['the file holds a list; a map with "boards" is expected'],
    },
  ])
})

describe('Problems with what a board says are told at their place', () => {
  reports([
    {
      title: 'unknown keys, at every depth',
      yaml: `▸bords: {}
boards:
  r1:
    architecture: arm64
    ▸bootlaoder: barebox
    power: { driver: command, on: x, off: y, ▸on_off: z }
    console: { driver: serial, port: a, ▸baudrate: 9600, ▸chardelay: 1ms }
    boot: { payload: { ▸kernal: Image } }
    timeouts: { ▸shell: 5s }
    network: { tftp: { ▸adress: 10.0.0.1 } }
    ▸xyzzy: 1
`,
      says: [
        'unknown key "bords"; did you mean "boards"?',
        'unknown key "bootlaoder"; did you mean "bootloader"?',
        'unknown key "on_off"; known here: driver, on, off, timeout',
        'unknown key "baudrate"; did you mean "baud"?',
        'unknown key "chardelay"; did you mean "char-delay"?',
        'unknown key "kernal"; did you mean "kernel"?',
        'unknown key "shell"; known here: states, command, release',
        'unknown key "adress"; did you mean "address"?',
        'unknown key "xyzzy"; known here: template, with, architecture, compatible, machine, power, console, consoles, place, reserve, coordinator, use, bootloader, first-bootloader, shell, ssh, storage, recovery, recovery-strap, strategy, boot, network, timeouts, power-off-time, after, memory, kernel-log, features, options, tags, resources, quarantine-after',
      ],
    },
    {
      title: 'keys of a board that stand beside it',
      yaml: `${machine}      driver: simulator
▸network: { tftp: { embedded: true } }
▸bootargs: quiet
`,
      says: [
        '"network" belongs to a board: it stands below the board\'s name in "boards", or in "defaults" for all',
        'unknown key "bootargs"; known here: extends, defaults, templates, boards',
      ],
    },
    {
      title: 'options in camel case, which environments spell with dashes',
      yaml: `${machine}      driver: simulator
      ▸autobootTimeout: 1
      linux: { ▸boot_delay: 1s }
    bootloader: { driver: barebox, ▸interruptkey: x }
`,
      says: [
        'unknown key "autobootTimeout"; did you mean "autoboot-timeout"?',
        'unknown key "boot_delay"; did you mean "boot-delay"?',
        'unknown key "interruptkey"; did you mean "interrupt-key"?',
      ],
    },
    {
      title: 'values of a wrong type, with what was given and what is expected',
      yaml: `boards:
  r1:
    architecture: ▸64
    compatible: ▸{}
    power: { driver: command, on: ▸true, off: ▸[y] }
    console: { driver: serial, port: ▸5, baud: ▸fast }
    shell: { user: ▸0x1f }
    boot: ▸[a]
    features: ▸fast
    strategy: ▸7
`,
      says: [
        '"architecture" is 64; expected "arm64", "arm", "riscv64", "x86_64", "i386", "riscv32", "mips", "powerpc", "openrisc", "loongarch" or "unknown"',
        '"compatible" is a map; expected text or a list (The root "compatible" of the board\'s device tree, most specific first.)',
        '"on" is true; expected text; write "true" in quotes',
        '"off" is a list; expected text',
        '"port" is 5; expected text; write "5" in quotes',
        '"baud" is "fast"; expected a number',
        '"user" is 0x1f; expected text; write "0x1f" in quotes',
        '"boot" is a list; expected a map (What the board boots.)',
        '"features" is "fast"; expected a list (What this board has, for specs to ask: any words.)',
        '"strategy" is 7; expected text; write "7" in quotes',
      ],
    },
    {
      title: 'values that are out of range or of a wrong form',
      yaml: `boards:
  r1:
    architecture: ▸arm46
    power: { driver: command, on: ▸"", off: y }
    console: { driver: serial, port: a, baud: ▸0, parity: ▸evn, url: ▸nowhere }
    network: { tftp: { port: ▸70000 } }
    after: ▸of
    boot: { bootargs: [quiet, ▸5] }
`,
      says: [
        '"architecture" is "arm46"; expected "arm64", "arm", "riscv64", "x86_64", "i386", "riscv32", "mips", "powerpc", "openrisc", "loongarch" or "unknown"; did you mean "arm64"?',
        '"on" is empty',
        '"baud" is 0; expected at least 1',
        '"parity" is "evn"; expected "none", "even" or "odd"; did you mean "even"?',
        '"url" is "nowhere"; expected a URL',
        '"port" is 70000; expected at most 65535',
        '"after" is "of"; expected "off", "on" or "as-is"; did you mean "off"?',
        '"bootargs[1]" is 5; expected text; write "5" in quotes',
      ],
    },
    {
      title: 'architectures by the name that others have for them',
      yaml: board.replace('arm64', '▸aarch64'),
      says: ['"architecture": "aarch64" is called "arm64" here'],
    },
    {
      title: 'compatibles that a comma has cut in two',
      yaml: `${board}    compatible: [▸radxa,▸rock3a, 'rockchip,rk3568']\n`,
      says: [
        '"compatible[0]": "radxa" is not of the form vendor,board; inside [ ] it must stand in quotes',
        '"compatible[1]": "rock3a" is not of the form vendor,board; inside [ ] it must stand in quotes',
      ],
    },
    {
      title: 'durations that are none',
      yaml: `${board}    timeouts: { command: ▸soon, release: 5 parsecs, states: { shell: ▸1h30 } }
    power-off-time: ▸-1
`.replace('release: 5', 'release: ▸5'),
      says: [
        '"command": "soon" is no duration; write 30s, 1.5 min or 250ms',
        '"release": "5 parsecs" is no duration; write 30s, 1.5 min or 250ms',
        '"shell": "1h30" is no duration; write 30s, 1.5 min or 250ms',
        '"power-off-time" is -1; expected at least 0',
      ],
    },
    {
      title: 'keys without a value',
      yaml: `${board}    ▸features:\n    boot: { ▸source: }\n`,
      says: [
        '"features" has no value; write null to take out what is inherited',
        '"source" has no value; write null to take out what is inherited',
      ],
    },
    {
      title: 'what is missing, at the key that lacks it',
      yaml: `boards:
  ▸r1:
    power: { driver: command, on: x }
    console: { driver: serial }
    bootloader: { interrupt-key: x }
`
        .replace('    power', '    ▸power')
        .replace('    console', '    ▸console')
        .replace('    boot', '    ▸boot'),
      says: [
        '"architecture" is missing (The CPU\'s architecture, as the kernel calls it, or unknown.)',
        '"off" is missing (Command that switches off.)',
        '"port" is missing (Path of the port. A path such as one of /dev/serial/by-id, or a USB adapter: usb:SERIAL-NUMBER, usb:path=1-1.4,interface=0.)',
        '"bootloader" names no "driver"; there are barebox, uboot',
      ],
    },
    {
      title: 'a further console, its name, its driver and its options',
      yaml: `${machine}      simulator\n    bootloader: barebox\n    consoles:\n      ▸Bad: { driver: serial, port: /a }\n      ▸a: {}\n      b: { driver: ▸srial }\n      c: { driver: serial, port: /a, ▸kernellog: no }\n`,
      says: [
        '"Bad" is no name that can stand here; expected text that matches /^[a-z][a-z0-9_-]{0,30}$/',
        '"console" names no "driver"; there are serial',
        '"srial" is no console driver; did you mean "serial"?',
        'unknown key "kernellog"; did you mean "kernel-log"?',
      ],
    },
    {
      title: 'what tells the branches of a union apart, with its choices, at the item that lacks it',
      yaml: `${machine}      { driver: simulator, faults: [{ fault: silent, after: 1 }, ▸{ after: 1 }] }\n`,
      says: ['"fault" is missing; expected "silent" or "garbled"'],
    },
    {
      title: 'complaints of the kernel that are allowed wrongly, or no longer',
      yaml: `${board}    kernel-log:
      allow:
        - { signature: WARNING in foo, reason: known, until: ▸2025-01-31 }
        - ▸{ reason: known, until: 2999-01-01 }
        - ▸{ signature: WARNING in foo, reason: known }
        - { pattern: ▸"(", reason: known, until: ▸soon }
`,
      says: [
        '"until": this was allowed until 2025-01-31 and is over: look whether it still comes, and take the rule out or give it a new date',
        '"allow[1]": what is allowed is named by "signature" or by "pattern"',
        '"until" is missing (The last day on which it is.)',
        '"pattern": "(" is no regular expression',
        '"until": "soon" is no date; write 2027-01-31',
      ],
    },
    {
      title: 'patterns that could take for ever to match what a console says',
      yaml: `${board}    consoles:
      secure: { driver: serial, port: /dev/ttyUSB1, fail-on: [▸'E/.*panic', 'E/[^\\n]{0,80}panic', ▸'E/('] }
`,
      says: [
        '"fail-on[0]": "E/.*panic" repeats without a limit at ".*": write .{0,80}, or the length you expect',
        `"fail-on[2]": "E/(" is no regular expression: SyntaxError: Invalid regular expression: /E/(/: Unterminated group`,
      ],
    },
    {
      title: 'half of a chain of bootloaders',
      yaml: `${board}    ▸boot: { chainload: /b.img }
  r2: { architecture: arm64, machine: simulator, bootloader: barebox, ▸first-bootloader: uboot }
  r3: { architecture: arm64, machine: simulator, boot: { chainload: /b.img }, ▸first-bootloader: uboot }
`,
      says: [
        '"chainload" needs a "first-bootloader" that starts the image',
        '"first-bootloader" has nothing to start; name the image as boot.chainload',
        '"first-bootloader" starts another; say which as "bootloader"',
      ],
    },
    {
      title: 'memory of no size',
      yaml: `${board}    memory: ▸lots\n`,
      says: ['"memory": "lots" is no size of memory; write 2G or 512M'],
    },
    {
      title: 'files that the bootloader can not fetch, or from two places, or from none',
      yaml: `${board}    ▸network: { nfs: { directory: /srv, address: 10.0.0.1 } }
  r2: { architecture: arm64, machine: simulator, bootloader: barebox, network: { tftp: { ssh: ▸lab@there } } }
  r3: { architecture: arm64, machine: simulator, bootloader: barebox, ▸network: { http: { directory: /srv, address: 10.0.0.1 } } }
  r4: { architecture: arm64, machine: simulator, bootloader: uboot, network: { tftp: { embedded: true }, ▸http: { directory: /srv, address: 10.0.0.1 } } }
  r5: { architecture: arm64, machine: simulator, bootloader: uboot, network: { http: { directory: /srv, address: ▸files } } }
`,
      says: [
        '"nfs" needs barebox to fetch by it: for another bootloader name a TFTP server, "tftp"',
        '"ssh": without "directory", the directory of the TFTP server on that machine, it says nothing',
        '"http" needs U-Boot to fetch by it: for another bootloader name a TFTP server, "tftp"',
        'files are fetched from one place: take out "tftp" or "http"',
        '"address": write the IPv4 address: U-Boot looks up no names here',
      ],
    },
    {
      title: 'what only barebox has, where there is none',
      yaml: `${board}    ▸boot: { dry-run: true }
  r2: { architecture: arm64, machine: simulator, bootloader: uboot, ▸boot: { devboot: true } }
`,
      says: [
        '"dry-run" needs barebox as "bootloader": no other has it',
        '"devboot" needs barebox as "bootloader": no other has it',
      ],
    },
    {
      title: 'a payload that shows that the board is well, and is not there',
      yaml: `${board}    boot: { source: mmc0, golden: ▸payload }\n`,
      says: ['"golden": there is no "payload" to boot: name one beside it'],
    },
    {
      title: 'a server without its address',
      yaml: `${board}    network: { ▸tftp: { directory: /srv/tftp } }\n`,
      says: ['"address" is missing: the board must know where the server of this "directory" is'],
    },
    {
      title: "a server that runs already and hil's own at once",
      yaml: `${board}    network: { tftp: { directory: /srv/tftp, address: a, embedded: ▸true } }\n`,
      says: ['"directory" belongs to a server that runs already, "embedded" is one of hil: take out one'],
    },
    {
      title: "hil's own server, said wrongly",
      yaml: `${board}    network: { tftp: { embedded: { ▸interface: eth1, port: ▸0 } } }\n`,
      says: ['unknown key "interface"; known here: listen, port', '"port" is 0; expected at least 1'],
    },
    {
      title: 'boards without hardware, and with half of it',
      yaml: `defaults: { architecture: arm64 }
boards:
  ▸r1:
  ▸r2: { power: manual }
  ▸r3: { console: { driver: serial, port: a } }
`,
      says: [
        'the board "r1" has neither a "machine" nor "power" and "console", nor a "place"',
        'the board "r2" has "power" but no "console"',
        'the board "r3" has a "console" but no "power"; write "power: manual" if a person switches it',
      ],
    },
    {
      title: 'boards with too much hardware',
      yaml: `${machine}      driver: qemu
      firmware: u-boot.bin
    ▸power: manual
    console: { ▸driver: serial, port: a }
`,
      says: [
        'the board "r1" has a "machine" and "power", but a machine brings its own; take out one of them, with null if it is inherited',
        'the board "r1" has a "machine" and a "console" driver, but a machine brings its own; take out one of them, with null if it is inherited',
      ],
    },
    {
      title: 'drivers that do not exist, or are none',
      yaml: `boards:
  r1:
    architecture: arm64
    power: ▸comand
    console: { driver: ▸serail }
    bootloader: ▸[barebox]
    shell: { driver: ▸5 }
`,
      says: [
        '"comand" is no power driver; did you mean "command"?',
        '"serail" is no console driver; did you mean "serial"?',
        '"bootloader" is a list; expected the name of a driver, or a map with "driver" and its options',
        '5 is no shell driver; there are linux',
      ],
    },
    {
      title: 'the key "driver" misspelt',
      yaml: `${machine}      ▸drivr: qemu\n`,
      says: ['unknown key "drivr"; did you mean "driver"?'],
    },
    {
      title: 'a secret that is written out, without showing it',
      yaml: `${board}    shell: { password: ▸hunter2 }\n`,
      says: ['"password" is written out; expected a reference: { env: NAME } or { file: PATH }'],
    },
    {
      title: 'a reference to a secret with a wrong key, once',
      yaml: `${board}    shell: { password: { ▸envv: X } }\n`,
      says: ['unknown key "envv"; did you mean "env"?'],
    },
    {
      title: 'what a driver checks across its options',
      yaml: `${machine.replace('    machine', '    ▸machine')}      driver: qemu\n`,
      says: ['"machine": nothing to boot: name a "firmware" or a "kernel"'],
    },
    {
      title: 'branches of a union that were meant, and ones that were not',
      yaml: `${machine}      driver: qemu
      firmware: f
      network: { device: ▸5 }
      memory: ▸[]
      drives: [{ path: a, ▸readnoly: true }]
`,
      says: [
        '"device" is 5; expected text; write "5" in quotes',
        '"memory" is a list; expected text or a number (RAM in MiB.)',
        'unknown key "readnoly"; did you mean "readonly"?',
      ],
    },
    {
      title: 'discriminated unions, by the value that chooses',
      yaml: `${machine}      driver: simulator
      faults: [{ fault: ▸silnt, after: 1 }, { fault: garbled, every-bytes: ▸x }]
      files: { ▸etc/x: a }
`,
      says: [
        '"fault" is "silnt"; expected "silent" or "garbled"; did you mean "silent"?',
        '"every-bytes" is "x"; expected a number',
        '"etc/x" is no name that can stand here; expected text that begins with "/"',
      ],
    },
    {
      title: 'strategies that do not exist, by name and by file',
      yaml: `defaults: { architecture: arm64, power: manual, console: { driver: serial, port: a } }
boards:
  r1: { strategy: ▸bearbox }
  r2: { strategy: ▸./mine.ts }
  r3: { strategy: ▸mine.ts }
`,
      says: [
        'there is no strategy "bearbox"; there are barebox, uboot, direct, or name a file: "./bearbox.ts"; did you mean "barebox"?',
        'the strategy file "./mine.ts" does not exist (mine.ts)',
        'the strategy file "mine.ts" does not exist (mine.ts)',
      ],
    },
    {
      title: 'boards, templates and defaults that are none',
      yaml: `defaults: ▸5
templates: { t: ▸5 }
boards:
  r1: { template: t }
  r2: ▸[]
  ▸a b: { architecture: arm, machine: simulator }
`,
      says: [
        '"defaults" is 5; expected a map',
        'the template "t" is 5; expected a map',
        'the board "r2" is a list; expected a map',
        '"a b" can\'t name a board; use letters, digits, ".", "_" and "-"',
      ],
    },
    {
      title: 'no boards at all',
      yaml: '▸defaults: {}\n',
      says: ['no board is described; name one under "boards"'],
    },
    {
      title: 'boards without an entry',
      yaml: '▸boards:\n',
      says: ['no board is described; name one under "boards"'],
    },
  ])
})

describe('The message about a bad environment', () => {
  it('is the list of all problems, each with its line and a caret', async () => {
    await using files = await writeFiles({
      'env/lab.yaml': `${board}    afer: on\n    timeouts: { command: soon }\n`,
    })
    const loading = loadEnvironment('env/lab.yaml', { catalogue: smallCatalogue, cwd: files.directory })
    await assert.rejects(loading, (error: HilError) => {
      assert.equal(error.code, 'environment.invalid')
      assert.equal(error.blame, 'environment')
      assert.equal(
        error.message,
        [
          'env/lab.yaml:6:5: unknown key "afer"; did you mean "after"?',
          '  6 |     afer: on',
          '    |     ^',
          'env/lab.yaml:7:26: "command": "soon" is no duration; write 30s, 1.5 min or 250ms',
          '  7 |     timeouts: { command: soon }',
          '    |                          ^',
        ].join('\n'),
      )
      assert.deepEqual((error.details['problems'] as unknown[])[0], {
        file: files.path('env/lab.yaml'),
        line: 6,
        column: 5,
        message: 'unknown key "afer"; did you mean "after"?',
        sourceLine: '    afer: on',
      })
      return true
    })
  })

  it('never shows what stands in place of a secret, whatever else is wrong on that line', async () => {
    await using files = await writeFiles({ 'lab.yaml': `${board}    shell: { password: hunter2, usr: 5 }\n` })
    const { problems } = await check(files, 'lab.yaml')
    assert.equal(problems.length, 2)
    assert.doesNotMatch(JSON.stringify(problems), /hunter2/)
  })

  it('never shows the value of a variable that is a secret', async () => {
    await using files = await writeFiles({ 'lab.yaml': `${board}    after: ${'${PDU_TOKEN}'}\n` })
    const { problems } = await check(files, 'lab.yaml', { variables: { PDU_TOKEN: 's3cr3t-token' } })
    assert.deepEqual(
      problems.map(({ message }) => message),
      ['"after" is "•••"; expected "off", "on" or "as-is"'],
    )
  })

  it('names a file that does not exist, is a directory, or is no text', async () => {
    await using files = await writeFiles({ 'binary.yaml': new Uint8Array([0x62, 0xff, 0xfe]), 'd/x': '' })
    for (const [name, why] of [
      ['none.yaml', 'does not exist'],
      ['d', 'is a directory, not a file'],
      ['binary.yaml', 'is not text in UTF-8'],
    ] as const) {
      const { problems } = await check(files, name)
      assert.deepEqual(
        problems.map(({ message }) => message),
        [`the file ${why} (${files.path(name)})`],
      )
    }
  })

  it('shows the part of a very long line that matters', async () => {
    await using files = await writeFiles({
      'lab.yaml': `${board}    features: [${'abcdefgh, '.repeat(100)}5, ${'x, '.repeat(100)}y]\n`,
    })
    const loading = loadEnvironment('lab.yaml', { catalogue: smallCatalogue, cwd: files.directory })
    await assert.rejects(loading, ({ message }: HilError) => {
      const [, shown = '', caret = ''] = message.split('\n')
      assert.ok(shown.length < 140)
      assert.equal(shown[caret.indexOf('^')], '5')
      return true
    })
  })
})
