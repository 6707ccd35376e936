import type { BootPlan, NetworkOverride, ServedFile } from '../board/boot-plan.ts'
import type { Console } from '../board/console.ts'
import type { Shell } from '../board/shell.ts'
import type { Deadline } from '../core/deadline.ts'
import { HilError } from '../core/errors.ts'
import { quoteWord } from '../core/quote-word.ts'
import { powerOn } from './edges.ts'
import { bringFile, directory } from './kexec/bring-file.ts'
import { runAsRoot } from './kexec/run-as-root.ts'
import type { StrategyBoard } from './strategy.ts'

/** Edges of boards on which the system that they have starts the kernel to be tested. */

/** A system that can start another kernel. Not what a spec takes for the shell of its payload. */
export interface InSystem {
  readonly shell: Shell
}

/** The last words of a kernel that starts another, and the first of that. */
const lastWords = /(?:Starting new kernel|Bye!)[^\n]{0,40}\n/
const firstWords = /(?=\[ {1,8}0\.\d{6}\](?:\[ {0,8}[CT]\d{1,8}\])? )/
/** kexec says why it does not. */
const refused = /^(?:-?sh: )?(?:kexec|systemctl|Failed|Cannot)[^\n]{0,200}\n/

/** Words that belong to one boot alone. */
const ofOneBoot = /^(?:BOOT_IMAGE=|initrd=|hil\.payload=)/

/** `off` -> a state in which what the board boots by itself runs. */
export async function powerOnIntoSystem(
  board: StrategyBoard,
  _off: undefined,
  t: Deadline,
): Promise<InSystem> {
  return { shell: await board.shell.login(await powerOn(board, t), t) }
}

/**
 * From there -> `linux`: brings the payload over, has the system prove by checksums that it has it, and starts it by
 * kexec with the system's own command line and device tree, where the payload has no other. The edge `resets` the board.
 * @throws HilError `boot.unsupported` (payload, environment), `boot.fetch-failed` (infrastructure), `boot.failed` (board)
 */
export async function kexecIntoPayload(
  board: StrategyBoard,
  { shell }: InSystem,
  t: Deadline,
): Promise<Console> {
  const plan = await board.plan(t)
  const parts = partsOf(board.name, plan.override)
  await runAsRoot(shell, `command -v kexec && rm -rf ${directory} && mkdir -p ${directory}`, t, {
    code: 'boot.unsupported',
    blame: 'environment',
    what: 'its system can not start another kernel: kexec (package kexec-tools) and root are needed',
  })
  const bring = (file: ServedFile) => bringFile(shell, parts.server, file, plan.observe, t)
  const image = await bring(parts.image)
  const deviceTree = parts.deviceTree && (await bring(parts.deviceTree))
  const initrds = []
  for (const file of parts.initrds) initrds.push(await bring(file))
  await load(shell, { image, deviceTree, initrds, bootargs: plan.bootargs }, t)
  return start(shell, plan, t)
}

interface Parts {
  readonly server: NetworkOverride['server']
  readonly image: ServedFile
  readonly initrds: readonly ServedFile[]
  readonly deviceTree: ServedFile | undefined
}

function partsOf(board: string, override: NetworkOverride | undefined): Parts {
  const { image, initrd, deviceTree } = override ?? {}
  if (override === undefined || image === undefined) {
    throw unsupported(
      `${board} is to start a kernel by kexec, and there is none: give it a payload with a kernel`,
    )
  }
  if (initrd?.keepsOwn === true && initrd.files.length > 0) {
    throw unsupported(`kexec can't add to the initrd of ${board}: give it a whole one (--initrd, --busybox)`)
  }
  if (deviceTree !== undefined && deviceTree.overlays.length > 0) {
    throw unsupported(`kexec can't apply overlays to the device tree of ${board}: give it a device tree too`)
  }
  const base = deviceTree?.base
  return {
    server: override.server,
    image,
    initrds: initrd?.files ?? [],
    deviceTree: typeof base === 'object' ? base : undefined,
  }
}

interface Brought {
  readonly image: string
  readonly deviceTree: string | undefined
  readonly initrds: readonly string[]
  readonly bootargs: readonly string[]
}

async function load(shell: Shell, brought: Brought, t: Deadline): Promise<void> {
  const { image, deviceTree, initrds, bootargs } = brought
  const { stdout } = await shell.run('cat /proc/cmdline', t)
  const own = stdout
    .trim()
    .split(/\s+/)
    .filter((word) => !ofOneBoot.test(word))
  const initrd = `${directory}/initrd`
  // Linux takes several archives for one initrd.
  if (initrds.length > 0) await runAsRoot(shell, `cat ${initrds.join(' ')} > ${initrd}`, t, loadFailed)
  const words = [
    `--command-line=${quoteWord([...own, ...bootargs].join(' '))}`,
    ...(initrds.length > 0 ? [`--initrd=${initrd}`] : []),
    ...(deviceTree === undefined ? [] : [`--dtb=${deviceTree}`]),
  ]
  await runAsRoot(shell, `kexec -l ${image} ${words.join(' ')}`, t, loadFailed)
}

const loadFailed = {
  code: 'boot.failed',
  blame: 'board',
  what: 'its system did not take the kernel that it was to start by kexec',
} as const

async function start(shell: Shell, { observe }: BootPlan, t: Deadline): Promise<Console> {
  // A kernel that says nothing of its end or its beginning proves nothing.
  await shell.run('echo 8 > /proc/sys/kernel/printk', t)
  const command = 'if [ -d /run/systemd/system ];then systemctl kexec;else sync;kexec -e;fi'
  observe?.({ type: 'boot-command', command, isLate: false })
  const console = await shell.leave(t)
  await console.write(`${command}\n`, t)
  const { which, text } = await console.expect({ lastWords, firstWords, refused }, t)
  if (which === 'refused') {
    throw new HilError(
      'boot.failed',
      `the system did not start the kernel by kexec: it said "${text.trim()}"`,
      {
        blame: 'board',
      },
    )
  }
  observe?.({ type: 'handed-over', line: text.trim() })
  return console
}

function unsupported(message: string): HilError {
  return new HilError('boot.unsupported', message, { blame: 'payload' })
}
