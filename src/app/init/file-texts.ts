import { stringify } from 'yaml'
import type { DriverKind } from '../../board/driver.ts'
import { HilError } from '../../core/errors.ts'
import { told } from './answer-questions.ts'
import { parseDriver } from './driver-text.ts'
import { consoleText, isMachine, type Answers } from './questions.ts'

/** The environment of one board, with what helps to go on. @param schema path of its JSON Schema, from the file */
export function environmentText(answers: Answers, schema: string): string {
  const { board = '', architecture = '' } = answers
  const compatible = told(answers.compatible)?.split(/\s+/)
  const bootloader = told(answers.bootloader)
  const [source, tftp, password] = [answers.source, answers.tftp, answers['password-env']].map(told)
  const isFedByConsole = bootloader !== undefined && tftp === undefined && !isMachine(answers.console ?? '')
  const payload = hasNothingToBoot(answers) ? debianPayload : undefined
  const boot = {
    ...(source && { source }),
    ...(isFedByConsole && { by: 'console' }),
    ...(payload && { payload }),
  }
  const parts: readonly (readonly [part: object | false, why: string])[] = [
    [{ architecture }, 'of the CPU, as the kernel calls it'],
    [compatible !== undefined && { compatible }, "of the root of the board's device tree"],
    ...hardwareParts(answers),
    [bootloader !== undefined && { bootloader }, 'its prompt and its keys: docs/bootloaders.md'],
    [
      { shell: { user: answers.user, ...(password && { password: { env: password } }) } },
      'who logs in on the console',
    ],
    [
      answers.ssh === 'yes' && { ssh: { 'host-key': 'console' } },
      'as root, at the address and with the host key that the console tells: docs/userspace.md',
    ],
    [
      Object.keys(boot).length > 0 && { boot },
      isFedByConsole
        ? 'files go over the console, which is slow: docs/netboot.md has faster ways'
        : payload
          ? "Debian's kernel, as npm run setup fetches it; --kernel-tree ~/linux takes yours"
          : 'what the board boots of its own',
    ],
    [
      bootloader !== undefined && tftp !== undefined && { network: { tftp: { embedded: { listen: tftp } } } },
      "hil's own TFTP server, on this interface: docs/netboot.md",
    ],
  ]
  const lines = parts.flatMap(([part, why]) =>
    part === false ? [] : [indent(`# ${why}\n${stringify(part, { lineWidth: 0 })}`, 4)],
  )
  return `# yaml-language-server: $schema=${schema}
#
# Written by hil init. What else can be said of a board: docs/environments.md.
boards:
  ${board}:
${lines.join('')}`
}

function hardwareParts({ console = '', baud, power = '' }: Answers): readonly (readonly [object, string])[] {
  if (isMachine(console))
    return [[{ machine: driverOf('machine', console) }, 'power switch, console and network in one']]
  return [
    [{ power: driverOf('power', power) }, 'hil doctor proves that it really switches this board'],
    [
      { console: driverOf('console', consoleText(console, baud)) },
      'hil doctor finds the rate where it is wrong',
    ],
  ]
}

/** Whether it is a board in QEMU without a disk, for which the set-up has a kernel and a userspace. */
function hasNothingToBoot({ console = '', architecture }: Answers): boolean {
  if (architecture !== 'arm64' || !isMachine(console)) return false
  const parsed = parseDriver('machine', console)
  if (typeof parsed === 'string' || parsed.driver !== 'qemu') return false
  return !['drives', 'kernel', 'arguments'].some((option) => option in parsed.options)
}

/** As in env/virt-uboot.yaml. */
const debianPayload = {
  kernel: '${HIL_CACHE}/debian-arm64/Image',
  initrd: { busybox: '${HIL_CACHE}/debian-arm64/busybox' },
}

/** A first spec for that board. */
export function specText({ board = '' }: Answers, environment: string, file: string): string {
  return `import assert from 'node:assert/strict'
import { useBoard } from 'hil'

// Run it:  hil run ${file} --env ${environment}
// With a kernel of yours:  ... --kernel-tree ~/linux
describe('${board}', () => {
  // Brings the board to a shell before each test; one that is there already is not booted again.
  const board = useBoard({ board: '${board}', state: 'shell' })

  it('reaches userspace', async () => {
    const { stdout } = await board.shell.runOk('uname -r')
    assert.match(stdout, /^\\d+\\.\\d+/)
  })

  it('knows what it is', async () => {
    const { stdout } = await board.shell.runOk('cat /proc/device-tree/model 2>/dev/null || uname -m')
    assert.notEqual(stdout.trim(), '')
  })
})
`
}

function driverOf(kind: DriverKind, text: string): unknown {
  const parsed = parseDriver(kind, text)
  if (typeof parsed === 'string') throw new HilError('init.answer', parsed, { blame: 'environment' })
  const { driver, options } = parsed
  return Object.keys(options).length === 0 ? driver : { driver, ...options }
}

function indent(text: string, columns: number): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(columns))
}
