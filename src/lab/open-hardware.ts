import type { BootloaderDriver } from '../board/bootloader.ts'
import type { DriverContext, DriverKind, OpenedByKind } from '../board/driver.ts'
import type { FileServer } from '../board/file-server.ts'
import type { Machine } from '../board/machine.ts'
import type { PowerSwitch } from '../board/power-switch.ts'
import type { Recovery } from '../board/recovery.ts'
import type { ShellDriver } from '../board/shell.ts'
import type { Storage } from '../board/storage.ts'
import type { SshDriver } from '../board/ssh.ts'
import type { OpenTransport } from '../board/transport.ts'
import type { Deadline } from '../core/deadline.ts'
import { HilError } from '../core/errors.ts'
import type { BoardSpec, DriverChoice } from '../environment/environment.ts'

/** The parts of a board, as its drivers open to. */
export interface Hardware {
  readonly power: PowerSwitch
  readonly openConsole: OpenTransport
  /** The consoles beside the main one, by name. */
  readonly openOthers: ReadonlyMap<string, OpenTransport>
  readonly files: FileServer | undefined
  /** What an emulator says of its network; `undefined` for a real board. */
  readonly emulated: { readonly hostAddress: string | undefined } | undefined
  /** Of an emulator that starts a kernel itself. */
  readonly loadKernel: Machine['loadKernel'] | undefined
  readonly bootloader: BootloaderDriver | undefined
  readonly firstBootloader: BootloaderDriver | undefined
  readonly shell: ShellDriver
  readonly ssh: SshDriver | undefined
  readonly storage: Storage | undefined
  readonly recovery: Recovery | undefined
  readonly recoveryStrap: PowerSwitch | undefined
  /** Of an emulator whose network is its own. */
  readonly reach: Machine['reach'] | undefined
  readonly versions: Readonly<Record<string, string>>
  /** What a simulator was asked for and can't do; a run with any of it proves nothing. */
  readonly unsupported: () => readonly string[]
}

/** Opens all drivers of a board. What they hold is registered in `context.undo`. */
export async function openHardware(spec: BoardSpec, context: DriverContext, t: Deadline): Promise<Hardware> {
  const open = <Kind extends DriverKind>({ driver, options }: DriverChoice<Kind>) =>
    driver.open(options, context, t)
  const body = await openBody(spec, open)
  const openOthers = new Map<string, OpenTransport>()
  for (const { name, choice } of spec.otherConsoles) openOthers.set(name, await open(choice))
  const bootloader = spec.bootloader && (await open(spec.bootloader))
  const firstBootloader = spec.firstBootloader && (await open(spec.firstBootloader))
  const shell = await open(spec.shell)
  return {
    ...{ ...body, openOthers, bootloader, firstBootloader, shell },
    ssh: spec.ssh && (await open(spec.ssh)),
    storage: spec.storage && (await open(spec.storage)),
    recovery: spec.recovery && (await open(spec.recovery)),
    recoveryStrap: spec.recoveryStrap && (await open(spec.recoveryStrap)),
  }
}

/** What a machine is in one. */
type Body = Pick<
  Hardware,
  'power' | 'openConsole' | 'files' | 'emulated' | 'loadKernel' | 'reach' | 'versions' | 'unsupported'
>

type Open = <Kind extends DriverKind>(choice: DriverChoice<Kind>) => Promise<OpenedByKind[Kind]>

async function openBody({ name, hardware }: BoardSpec, open: Open): Promise<Body> {
  if ('machine' in hardware) {
    const machine = await open(hardware.machine)
    const { power, openConsole, files, loadKernel, hostAddress, reach, versions } = machine
    const unsupported = () => machine.unsupported?.() ?? []
    return { power, openConsole, files, loadKernel, emulated: { hostAddress }, reach, versions, unsupported }
  }
  if ('place' in hardware) throw notAcquired(name)
  return {
    power: await open(hardware.power),
    openConsole: await open(hardware.console),
    files: undefined,
    loadKernel: undefined,
    emulated: undefined,
    reach: undefined,
    versions: {},
    unsupported: () => [],
  }
}

function notAcquired(board: string): HilError {
  return new HilError('hil.no-place', `${board} was opened before its place was acquired`, {
    blame: 'hil',
    details: { board },
  })
}

/** @throws HilError `environment.no-first-bootloader` (environment) */
export function requireFirst(board: string, first: BootloaderDriver | undefined): BootloaderDriver {
  if (first !== undefined) return first
  throw new HilError(
    'environment.no-first-bootloader',
    `the environment says nothing of what starts the bootloader of board "${board}"; add "first-bootloader:" and boot.chainload, or use another strategy`,
    { blame: 'environment', details: { board } },
  )
}

/** @throws HilError `environment.no-bootloader` (environment) */
export function requireBootloader(board: string, bootloader: BootloaderDriver | undefined): BootloaderDriver {
  if (bootloader !== undefined) return bootloader
  throw new HilError(
    'environment.no-bootloader',
    `the environment names no bootloader for board "${board}"; add "bootloader:" or use the strategy "direct"`,
    { blame: 'environment', details: { board } },
  )
}
