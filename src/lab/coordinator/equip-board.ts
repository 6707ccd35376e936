import type { Catalogue } from '../../board/driver.ts'
import { HilError } from '../../core/errors.ts'
import type { EmitEvent } from '../../core/events.ts'
import type { BoardSpec, PlaceChoice, PlaceRole } from '../../environment/environment.ts'
import type { PlaceLease } from './place-lease.ts'
import type { PlaceResource } from './place.ts'
import { placeConsole } from './resources/console.ts'
import { fileServerOf, servesFiles } from './resources/files.ts'
import { networkServiceClass, sshOf } from './resources/network-service.ts'
import { isPowerSwitch, powerOf } from './resources/power.ts'
import { storageOf } from './resources/storage.ts'

interface Equipment {
  readonly lease: PlaceLease
  readonly catalogue: Catalogue
  readonly emit: EmitEvent
}

/**
 * The board with the hardware that its place has, where the environment names none of its own.
 * @throws HilError `place.no-resource`, `place.several`, `place.unsupported` (environment)
 */
export async function equipBoard(
  spec: BoardSpec,
  { coordinator, use, power, console }: PlaceChoice,
  { lease, catalogue }: Equipment,
): Promise<BoardSpec> {
  const choose = (role: PlaceRole, isFit: (cls: string) => boolean) =>
    chosenResource(lease, role, use[role], isFit)
  const need = (role: PlaceRole, isFit: (cls: string) => boolean) =>
    choose(role, isFit) ?? missing(lease, role)
  const exporters = coordinator.ssh ?? {}
  const [ssh, files] = [
    spec.ssh === undefined ? choose('ssh', (cls) => cls === networkServiceClass) : undefined,
    hasServer(spec) ? undefined : choose('files', (cls) => servesFiles(cls, spec.bootloader?.driver.name)),
  ]
  // Before each power-on the board gets its card: a mux that somebody has for other things is left alone.
  const storage =
    spec.storage === undefined && use.storage !== undefined ? need('storage', () => false) : undefined
  return {
    ...spec,
    hardware: {
      power: power ?? powerOf(need('power', isPowerSwitch), { lease, catalogue, exporters }),
      console:
        console ??
        placeConsole(
          need('console', (cls) => cls === 'NetworkSerialPort'),
          { lease, catalogue, exporters },
        ),
    },
    ssh: spec.ssh ?? (ssh && sshOf(ssh, { catalogue, exporters })),
    storage: spec.storage ?? (storage && storageOf(storage, { lease, catalogue, exporters })),
    network: files === undefined ? spec.network : await fileServerOf(files, exporters),
  }
}

function hasServer({ network: { tftp, nfs, http }, boot }: BoardSpec): boolean {
  return boot.by === 'console' || [tftp, nfs, http].some((each) => each !== undefined)
}

/** The one resource of a place that can be used for something, or the one that the environment names. */
function chosenResource(
  lease: PlaceLease,
  role: PlaceRole,
  named: string | undefined,
  isFit: (cls: string) => boolean,
): PlaceResource | undefined {
  const all = lease.resources()
  const found =
    named === undefined
      ? all.filter(({ resource }) => isFit(resource.cls))
      : all.filter(({ name }) => name === named)
  const [first, second] = found
  if (first === undefined && named !== undefined) return missing(lease, role, named)
  // What is named may be of any kind: a digital output is a power switch where somebody says so.
  if (second === undefined || named !== undefined) return first
  throw new HilError(
    'place.several',
    `${lease.place} has several resources that could be the ${words[role]} of ${lease.board}: ${list(found)}; name one of them as "use: { ${role}: ${second.name} }"`,
    { blame: 'environment', details: { place: lease.place, resources: found.map(({ name }) => name) } },
  )
}

const words: Readonly<Record<PlaceRole, string>> = {
  power: 'power switch',
  console: 'console',
  ssh: 'login over the network',
  files: 'file server',
  storage: 'memory card',
}

function missing(lease: PlaceLease, role: PlaceRole, named?: string): never {
  const { place, board } = lease
  const wanted = named === undefined ? '' : ` called "${named}"`
  throw new HilError(
    'place.no-resource',
    `${place} has no resource${wanted} that could be the ${words[role]} of ${board}; it has ${list(lease.resources())}. Add a match to the place ("labgrid-client -p ${place} add-match"), start the exporter that has it, or name "${role}" in the environment`,
    { blame: 'environment', details: { place, role, named } },
  )
}

function list(resources: readonly PlaceResource[]): string {
  if (resources.length === 0) return 'none at all'
  return resources.map(({ name, resource: { cls } }) => (name === cls ? name : `${name} (${cls})`)).join(', ')
}
