import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BootPlan, NetworkOverride, ServedFile } from '../../board/boot-plan.ts'
import type { FileServer } from '../../board/file-server.ts'
import type { AdaptedPayload } from '../../build/adapt-payload.ts'
import type { Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import type { BootSettings } from '../../environment/environment.ts'
import {
  artifactsOf,
  devbootName,
  devbootVariables,
  type Artifact,
  type Payload,
} from '../../payload/index.ts'

/** Words of a command line by which somebody has decided how much the kernel says. */
const logLevelWords = /^(?:quiet|debug|ignore_loglevel|loglevel=.*)$/

/** A boot of what the board has. */
export function stockPlan({ source, bootargs }: BootSettings): BootPlan {
  return { ...(source === undefined ? {} : { source }), bootargs }
}

interface PublishContext {
  readonly board: string
  readonly files: FileServer | undefined
  /** Undefined only where the board knows no `devboot`. */
  readonly architecture: string | undefined
  /** For what is only to be published. */
  readonly temporaryDirectory: string
}

/**
 * Makes the files of a payload available to a board, and says what it has to boot.
 * @throws HilError `payload.no-server` (environment); `proof.published` (infrastructure) when a file is
 *   not the one of the payload any more
 */
export async function publishPayload(
  { payload, paths }: AdaptedPayload,
  boot: BootSettings,
  { board, files, architecture, temporaryDirectory }: PublishContext,
  t: Deadline,
): Promise<BootPlan> {
  const stock = stockPlan({ ...boot, bootargs: commandLine(boot.bootargs, payload.bootargs) })
  const artifacts = artifactsOf(payload)
  if (artifacts.length === 0) return stock
  if (files === undefined) throw noServer(board)
  const served = new Map<string, ServedFile>()
  for (const artifact of artifacts) {
    const file = await files.publish(artifact.name, paths.get(artifact.name) ?? artifact.name, t)
    assertSame(artifact, file)
    served.set(artifact.name, file)
  }
  const override = toOverride(payload, served, files)
  const plan = { ...stock, ...(boot.dryRun ? { dryRun: true } : {}) }
  if (!boot.devboot) return { ...plan, override }
  // It is in the directory from which all names start.
  const script = devbootVariables(payload, ({ name }) => served.get(name)?.name ?? name)
  const name = devbootName({ user: 'hil', host: bareboxArchitecture(architecture) })
  const file = join(temporaryDirectory, name)
  await writeFile(file, script)
  return { ...plan, override: { ...override, devboot: await files.publish(name, file, t) } }
}

/** Where barebox's `global.arch` is another than Linux's name. */
const bareboxArchitectures: Readonly<Record<string, string>> = { riscv64: 'riscv', x86_64: 'x86' }

function bareboxArchitecture(architecture = ''): string {
  return bareboxArchitectures[architecture] ?? architecture
}

/** What a bootloader is told about a payload whose files are served. */
export function toOverride(
  { image, initrd, deviceTree }: Payload,
  served: ReadonlyMap<string, ServedFile>,
  files: Pick<FileServer, 'address' | 'fetches'>,
): NetworkOverride {
  const asServed = (artifact: Artifact): ServedFile => served.get(artifact.name) ?? artifact
  const { base, overlays } = deviceTree
  const keepsInitrd = initrd.keepsOwn && initrd.parts.length === 0
  return {
    server: files.address,
    ...(image === undefined ? {} : { image: asServed(image.artifact) }),
    ...(keepsInitrd ? {} : { initrd: { keepsOwn: initrd.keepsOwn, files: initrd.parts.map(asServed) } }),
    ...(base === 'own' && overlays.length === 0
      ? {}
      : {
          deviceTree: {
            base: typeof base === 'string' ? base : asServed(base),
            overlays: overlays.map(asServed),
          },
        }),
    isWhole: image !== undefined && (image.brings.initrd || (!initrd.keepsOwn && initrd.parts.length > 0)),
    needsChecksums: files.fetches === undefined,
  }
}

/** Each argument once, and the stock entry's `quiet` lifted: a kernel that says nothing proves nothing. */
function commandLine(own: readonly string[], added: readonly string[]): readonly string[] {
  const all = [...own, ...added.filter((argument) => !own.includes(argument))]
  const isDecided = all.some((argument) => argument.split(/\s+/).some((word) => logLevelWords.test(word)))
  return isDecided ? all : [...all, 'loglevel=7']
}

function assertSame(artifact: Artifact, { sha256 }: ServedFile): void {
  if (sha256 === artifact.sha256) return
  throw new HilError(
    'proof.published',
    `${artifact.name} was changed after the payload was made: its SHA-256 is ${sha256.slice(0, 12)}... and not ${artifact.sha256.slice(0, 12)}...; run again`,
    { blame: 'infrastructure', details: { artifact, sha256 } },
  )
}

function noServer(board: string): HilError {
  return new HilError(
    'payload.no-server',
    `${board} is to netboot a payload, but nothing serves it: add "network: { tftp: { embedded: true } }" to the board, or have its bootloader sent the files over its console: "boot: { by: console }"`,
    { blame: 'environment', details: { board } },
  )
}
