import { randomBytes } from 'node:crypto'
import type { CommandRunner } from '../../board/command-runner.ts'
import { ShellTransfer } from '../../board/shell-transfer/shell-transfer.ts'
import type { ModuleFile } from '../../build/modules/read-module-file.ts'
import { now } from '../../core/clock.ts'
import type { Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import { loadOrder, parseLoadedModules, unloadOrder, type LoadedModule } from '../../kernel/loaded-modules.ts'

/** What became of the modules. */
export interface PushedModules {
  readonly unloaded: readonly string[]
  readonly loaded: readonly string[]
  /** What the kernel said meanwhile. */
  readonly kernelLines: readonly string[]
  readonly sendMs: number
  readonly loadMs: number
}

/**
 * Puts modules in the place of those that run. All that can be known to fail is looked at first; nothing is
 * unloaded before everything has arrived as it is.
 *
 * @throws HilError `push.vermagic`, `push.in-use`, `push.not-unloaded`, `push.not-loaded`, `push.no-program`,
 * and those of `FileTransfer`
 */
export async function pushModules(
  shell: Pick<CommandRunner, 'run'>,
  files: readonly ModuleFile[],
  t: Deadline,
): Promise<PushedModules> {
  const { stdout: release } = await shell.run('uname -r', t)
  for (const file of files) assertRelease(file, release.trim())
  await requirePrograms(shell, ['insmod', 'rmmod', 'dmesg'], t)
  const running = parseLoadedModules((await shell.run('cat /proc/modules', t)).stdout)
  const names = files.map(({ info }) => info.name)
  const old = unloadOrder(names, running)
  for (const name of old) assertUnused(name, names, running)

  const sentAt = now()
  const directory = `/tmp/hil-push-${randomBytes(4).toString('hex')}`
  await shell.run(`mkdir -p ${directory}`, t)
  try {
    const transfer = new ShellTransfer(shell, { by: 'console' })
    for (const { info, bytes } of files) await transfer.put(bytes, `${directory}/${info.name}.ko`, t)
    const sendMs = now() - sentAt
    const log = await KernelLog.begin(shell, t)
    const startedAt = now()
    for (const name of old) await unload(name, shell, log, t)
    const order = loadOrder(files.map(({ info }) => info))
    for (const { name, depends } of order) {
      await load({ name, depends, directory }, shell, { log, running, isReplaced: old.includes(name) }, t)
    }
    const loadMs = now() - startedAt
    return {
      ...{ unloaded: old, loaded: order.map(({ name }) => name) },
      ...{ sendMs, loadMs, kernelLines: await log.lines(t) },
    }
  } finally {
    await shell.run(`rm -rf ${directory}`, t).catch(() => undefined)
  }
}

async function requirePrograms(
  shell: Pick<CommandRunner, 'run'>,
  programs: readonly string[],
  t: Deadline,
): Promise<void> {
  const { exitCode, stdout } = await shell.run(
    `for p in ${programs.join(' ')};do command -v $p >/dev/null||{ echo $p;false;}||break;done`,
    t,
  )
  if (exitCode === 0) return
  throw new HilError(
    'push.no-program',
    `the board has no ${stdout.trim()}, which is needed to change the modules of a running kernel`,
    { blame: 'environment', details: { program: stdout.trim() } },
  )
}

/** The first word of a vermagic is the release; the kernel compares the rest of it. */
function assertRelease({ path, info: { vermagic = '' } }: ModuleFile, running: string): void {
  const [release = ''] = vermagic.split(' ')
  if (release === running) return
  throw new HilError(
    'push.vermagic',
    `${path} is for kernel ${release}, and ${running} runs: build it for that one, or boot the other (hil boot)`,
    { blame: 'payload', details: { path, vermagic, running } },
  )
}

function assertUnused(
  name: string,
  pushed: readonly string[],
  running: ReadonlyMap<string, LoadedModule>,
): void {
  const module = running.get(name)
  const users = module?.users.filter((user) => !pushed.includes(user)) ?? []
  if (users.length > 0) {
    throw new HilError(
      'push.in-use',
      `${name} can't be unloaded: ${users.join(' and ')} ${users.length === 1 ? 'uses' : 'use'} it; push ${users.length === 1 ? 'that' : 'those'} too, or unload ${users.length === 1 ? 'it' : 'them'} first`,
      { blame: 'payload', details: { module: name, users } },
    )
  }
}

async function unload(
  name: string,
  shell: Pick<CommandRunner, 'run'>,
  log: KernelLog,
  t: Deadline,
): Promise<void> {
  const { exitCode, stdout } = await shell.run(`rmmod ${name}`, t)
  if (exitCode === 0) return
  const said = await log.lines(t)
  const isBusy = /busy|unavailable|in use/i.test(stdout)
  const why = /not implemented/i.test(stdout)
    ? 'this kernel is built without CONFIG_MODULE_UNLOAD, so that a module is replaced by a boot only'
    : stdout.trim()
  throw new HilError(
    isBusy ? 'push.in-use' : 'push.not-unloaded',
    `${name} can't be unloaded: ${isBusy ? 'it is in use, by a device that is open or a file system that is mounted' : why}${quoted(said)}`,
    { blame: 'board', details: { module: name, stdout, kernelLines: said } },
  )
}

interface Wanted {
  readonly name: string
  readonly depends: readonly string[]
  readonly directory: string
}

interface Circumstances {
  readonly log: KernelLog
  readonly running: ReadonlyMap<string, LoadedModule>
  /** Whether the board is without the module now. */
  readonly isReplaced: boolean
}

async function load(
  { name, depends, directory }: Wanted,
  shell: Pick<CommandRunner, 'run'>,
  { log, running, isReplaced }: Circumstances,
  t: Deadline,
): Promise<void> {
  const { exitCode, stdout } = await shell.run(`insmod ${directory}/${name}.ko`, t)
  if (exitCode === 0) return
  const said = await log.lines(t)
  const needed = depends.filter((each) => !running.has(each))
  const isLinked = !/unknown symbol/i.test(`${stdout}\n${said.join('\n')}`)
  const why = isLinked
    ? stdout.trim()
    : `it uses a symbol that the kernel does not have${needed.length > 0 ? `, maybe of ${needed.join(', ')}, which ${needed.length === 1 ? 'is' : 'are'} not loaded` : ''}`
  throw new HilError(
    isLinked ? 'push.not-loaded' : 'push.unknown-symbol',
    `${name} can't be loaded: ${why}${isReplaced ? '; the old one is unloaded already' : ''}${quoted(said)}`,
    { blame: 'payload', details: { module: name, stdout, kernelLines: said } },
  )
}

function quoted(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `. The kernel said:\n${lines.join('\n')}`
}

/** What the kernel says from a line of ours on. */
class KernelLog {
  readonly #shell: Pick<CommandRunner, 'run'>
  readonly #mark: string

  private constructor(shell: Pick<CommandRunner, 'run'>, mark: string) {
    this.#shell = shell
    this.#mark = mark
  }

  static async begin(shell: Pick<CommandRunner, 'run'>, t: Deadline): Promise<KernelLog> {
    const mark = `hil push ${randomBytes(4).toString('hex')}`
    // Level 7: for the log, and not for the console.
    await shell.run(`echo '<7>${mark}' >/dev/kmsg`, t)
    return new KernelLog(shell, mark)
  }

  async lines(t: Deadline): Promise<readonly string[]> {
    const { stdout } = await this.#shell.run('dmesg|tail -n 200', t)
    const all = stdout.split('\n').filter((line) => line !== '')
    const at = all.findLastIndex((line) => line.includes(this.#mark))
    return at === -1 ? [] : all.slice(at + 1)
  }
}
