import type { z } from 'zod'
import type { DriverKind } from '../../board/driver.ts'
import type { BoardContext } from './board-context.ts'
import { boardSchema } from '../schema/board-schema.ts'
import { checkOptions } from '../schema/check-options.ts'
import type {
  BoardSpec,
  DriverChoice,
  BootSettings,
  NetworkSettings,
  HttpSettings,
  NfsSettings,
  TftpSettings,
} from '../environment.ts'
import type { ExpandedBoard } from '../source/expand-boards.ts'
import { kernelRules } from '../schema/kernel-log-schema.ts'
import { emptyMap, type Node } from '../source/node.ts'
import { payloadSettings } from '../schema/payload-schema.ts'
import { readConsoleSettings, readOtherConsoles } from './read-consoles.ts'
import { readDriver } from './read-driver.ts'
import { readHardware } from './read-hardware.ts'
import { readStrategy } from './read-strategy.ts'

/** @returns `undefined` when something is wrong with the board, which was reported */
export async function readBoard(board: ExpandedBoard, context: BoardContext): Promise<BoardSpec | undefined> {
  const { name, key, node } = board
  const { catalogue } = context
  const subject = { schema: boardSchema, root: node, key, name, alsoKnown: ['template', 'with'] }
  const settings = checkOptions(subject, context)?.options
  const hardware = readHardware(board, settings, context)
  const console = readConsoleSettings(board, context)
  const otherConsoles = readOtherConsoles(board, context)
  const bootloaderSection = node.entries.get('bootloader')
  const bootloader = bootloaderSection && readDriver('bootloader', bootloaderSection, catalogue, context)
  const firstSection = node.entries.get('first-bootloader')
  const firstBootloader = firstSection && readDriver('bootloader', firstSection, catalogue, context)
  if (settings !== undefined) {
    checkChainload(board, settings.boot, context)
    checkForBootloader(board, settings, bootloader?.driver.name, context)
    checkFetching(board, settings.network, [firstBootloader ?? bootloader, bootloader], context)
  }
  const shell = readDriver('shell', sectionWithDefault(board, 'shell', 'linux'), catalogue, context)
  const ssh = node.entries.has('ssh')
    ? readDriver('ssh', sectionWithDefault(board, 'ssh', 'ssh2'), catalogue, context)
    : undefined
  const optional = <Kind extends DriverKind>(kind: Kind, written: string = kind) => {
    const section = node.entries.get(written)
    return section && readDriver(kind, section, catalogue, context)
  }
  const storage = optional('storage')
  const recovery = optional('recovery')
  const recoveryStrap = optional('power', 'recovery-strap')
  const usual = bootloader?.driver.name ?? 'direct'
  const strategy = await readStrategy(board, firstSection ? `chainload-${usual}` : usual, context)
  if (settings === undefined || hardware === undefined || console === undefined) return undefined
  if (otherConsoles === undefined || shell === undefined || strategy === undefined) return undefined
  return {
    name,
    architecture: settings.architecture === 'unknown' ? undefined : settings.architecture,
    compatible: settings.compatible,
    memoryBytes: settings.memory ?? memoryOf(hardware),
    hardware,
    console,
    otherConsoles,
    bootloader,
    firstBootloader,
    shell,
    ssh,
    storage,
    recovery,
    recoveryStrap,
    strategy,
    boot: bootSettings(settings.boot),
    network: networkSettings(settings.network),
    timeouts: settings.timeouts,
    powerOffTimeMs: settings['power-off-time'] ?? ('machine' in hardware ? 0 : realBoardOffTimeMs),
    after: settings.after,
    features: settings.features,
    options: settings.options,
    tags: settings.tags,
    resources: settings.resources,
    quarantineAfter: settings['quarantine-after'],
    kernelRules: kernelRules(settings['kernel-log']),
  }
}

/** What the options of an emulated machine say. */
function memoryOf(hardware: BoardSpec['hardware']): number | undefined {
  if (!('machine' in hardware)) return undefined
  const { driver, options } = hardware.machine
  return driver.memoryBytes(options)
}

/** Both or none: an image, and what starts it. */
function checkChainload(
  { key, node }: ExpandedBoard,
  { chainload }: BootOptions,
  { problems }: BoardContext,
) {
  const first = node.entries.get('first-bootloader')
  const second = node.entries.get('bootloader')
  if (first !== undefined && chainload === undefined) {
    problems.addAbsence(
      first.key,
      '"first-bootloader" has nothing to start; name the image as boot.chainload',
    )
  }
  if (first !== undefined && second === undefined) {
    problems.addAbsence(first.key, '"first-bootloader" starts another; say which as "bootloader"')
  }
  if (first === undefined && chainload !== undefined) {
    const place = node.entries.get('boot')?.key ?? key
    problems.addAbsence(place, '"chainload" needs a "first-bootloader" that starts the image')
  }
}

function checkForBootloader(
  { key, node }: ExpandedBoard,
  { boot, architecture }: z.output<typeof boardSchema>,
  bootloader: string | undefined,
  { problems }: BoardContext,
) {
  const place = node.entries.get('boot')?.key ?? key
  if (boot.devboot && architecture === 'unknown') {
    problems.addAbsence(place, '"devboot" asks for a script by the "architecture", which is unknown')
  }
  if (bootloader === 'barebox') return
  for (const option of ['devboot', 'dry-run'] as const) {
    if (boot[option]) problems.addAbsence(place, `"${option}" needs barebox as "bootloader": no other has it`)
  }
}

/**
 * The NFS client of U-Boot 2023.01 got no answer from a server that barebox fetched from, and barebox has no client
 * for HTTP.
 */
function checkFetching(
  { key, node }: ExpandedBoard,
  network: NetworkOptions,
  bootloaders: readonly (DriverChoice | undefined)[],
  { problems }: BoardContext,
) {
  const place = node.entries.get('network')?.key ?? key
  for (const [by, driver, name] of [
    ['nfs', 'barebox', 'barebox'],
    ['http', 'uboot', 'U-Boot'],
  ] as const) {
    if (network[by] === undefined || bootloaders.every((each) => each?.driver.name === driver)) continue
    problems.addAbsence(
      place,
      `"${by}" needs ${name} to fetch by it: for another bootloader name a TFTP server, "tftp"`,
    )
  }
}

/** Long enough for the capacitors of most boards; an emulator has none. */
const realBoardOffTimeMs = 2000

/** Nearly every board runs Linux, and is logged in to in one way: that need not be said. */
function sectionWithDefault({ key, node }: ExpandedBoard, written: 'shell' | 'ssh', driver: string) {
  const given = node.entries.get(written)
  const value = given?.value ?? emptyMap(node.place)
  if (value.kind !== 'map' || value.entries.has('driver')) return { key, written, ...given, value }
  const chosen: Node = { kind: 'scalar', place: key, value: driver }
  const entries = new Map([...value.entries, ['driver', { key, written: 'driver', value: chosen }] as const])
  return { key, written, ...given, value: { ...value, entries } }
}

type NetworkOptions = z.output<typeof boardSchema>['network']

function networkSettings({ tftp, nfs, http }: NetworkOptions): NetworkSettings {
  return {
    tftp: tftp && tftpSettings(tftp),
    ...(nfs && { nfs: nfsSettings(nfs) }),
    ...(http && { http: httpSettings(http) }),
  }
}

type HttpOptions = NonNullable<NetworkOptions['http']>

function httpSettings({ ssh, ...rest }: HttpOptions): HttpSettings {
  return { ...rest, ...(ssh && { ssh }) }
}

function nfsSettings({ directory, ssh, address, export: exported = directory }: NfsOptions): NfsSettings {
  return { directory, address, export: exported, ...(ssh && { ssh }) }
}

type NfsOptions = NonNullable<NetworkOptions['nfs']>
type TftpOptions = NonNullable<NetworkOptions['tftp']>

function tftpSettings({ directory, embedded, address, port, ssh }: TftpOptions): TftpSettings {
  if (embedded === undefined) {
    return { directory, address, port: port ?? 69, ...(ssh && { ssh }) }
  }
  return { embedded: { listen: embedded.listen, port: embedded.port }, address, port }
}

type BootOptions = z.output<typeof boardSchema>['boot']

function bootSettings(options: BootOptions): BootSettings {
  const { source, chainload, bootargs, by, devboot, 'dry-run': dryRun, golden } = options
  const payload = options.payload && payloadSettings(options.payload)
  return { source, chainload, bootargs, by, devboot, dryRun, payload, ...(golden && { golden }) }
}
