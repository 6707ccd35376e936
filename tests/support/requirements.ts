import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import type { Missing } from '../../scripts/setup/failure.mjs'
import { isThere } from '../../scripts/setup/find-command.mjs'
import { packages } from '../../scripts/setup/packages.mjs'
import {
  bareboxImage,
  debianArm64,
  debianArm64Cloud,
  debianArm64Tools,
  kcidbSchema,
  labgridEnvironments,
  labgridDirectory,
  linuxSource,
  peersDirectory,
  secondBareboxImage,
  setupReport,
} from '../../scripts/setup/places.mjs'

/** Something outside hil that a test needs. */
export interface Requirement {
  readonly available: boolean
  /** Why it is not available; empty where it is. */
  readonly reason: string
}

/**
 * Whether a test can have `name` on this machine: `qemu` (with U-Boot, kernel and busybox to run on it),
 * `barebox` (a real image, and qemu), `barebox-2nd` (one that another bootloader starts), `cloud-kernel`
 * (another kernel than the first), `arm64-tools` (an SSH server and kexec to run on it), `linux-source` (kernel sources, and what builds them for arm64), `kcidb-schema` (with a program that
 * checks it), `power-peers` (labgrid and pdudaemon, to ask power switches), `labgrid` (its coordinator, exporter and
 * client, to run), `labgrid-environments` (files that others wrote), `loop` (disks made of files), `mount-namespaces` (file systems of one's own), or a program that
 * set-up installs, such as `dtc`.
 */
export function requirement(name: string): Requirement {
  const reason = lackOf(name)
  return { available: reason === undefined, reason: reason ?? '' }
}

/**
 * mocha's `describe` for tests that need something of this machine. Where that is not there the suite is
 * skipped, with the reason in its title; where `HIL_REQUIRE` names it, the suite fails.
 */
export function describeWith(needs: readonly string[], title: string, define: (this: Mocha.Suite) => void) {
  const lack = firstLack(needs)
  if (lack === undefined) return describe(title, define)
  if (!isDemanded(lack.name)) return describe.skip(skippedTitle(title, lack.reason), define)
  return describe(title, () => {
    it(`has ${lack.name}`, () => refuse(lack))
  })
}

/** mocha's `it`, as `describeWith` is its `describe`. */
export function itWith(needs: readonly string[], title: string, test: Mocha.Func | Mocha.AsyncFunc) {
  const lack = firstLack(needs)
  if (lack === undefined) return it(title, test)
  if (!isDemanded(lack.name)) return it.skip(skippedTitle(title, lack.reason), test)
  return it(title, () => refuse(lack))
}

/** The names in `HIL_REQUIRE`: what must be there, so that tests needing it fail instead of being skipped. */
export function demandedRequirements(): readonly string[] {
  return (process.env['HIL_REQUIRE'] ?? '').split(',').filter((name) => name !== '')
}

interface Lack {
  readonly name: string
  readonly reason: string
}

function firstLack(needs: readonly string[]): Lack | undefined {
  return needs
    .flatMap((name) => (name === 'barebox' ? ['qemu', 'barebox'] : [name]))
    .map((name) => ({ name, ...requirement(name) }))
    .find(({ available }) => !available)
}

function isDemanded(name: string): boolean {
  return demandedRequirements().includes(name)
}

function skippedTitle(title: string, reason: string): string {
  return `${title} [skipped: ${reason}]`
}

function refuse({ name, reason }: Lack): never {
  throw new Error(`HIL_REQUIRE demands ${name}, but ${reason}`)
}

function lackOf(name: string): string | undefined {
  switch (name) {
    case 'qemu':
      return qemuLacks()
    case 'cloud-kernel':
      return cacheLacks(debianArm64Cloud().directory, 'debian-arm64-cloud')
    case 'loop':
      return loopLack()
    case 'mount-namespaces':
      return spawnSync('unshare', ['-m', 'true']).status === 0
        ? undefined
        : 'this machine lets nobody have file systems of his own (unshare -m)'
    case 'arm64-tools':
      return cacheLacks(debianArm64Tools().directory, 'debian-arm64-tools')
    case 'linux-source':
      return kernelBuildLack()
    case 'kcidb-schema':
      return existsSync(kcidbSchema())
        ? pythonLacks('jsonschema')
        : `there is no schema of KernelCI at ${kcidbSchema()} (docs/setup.md says how to make it)`
    case 'barebox':
      return imageLacks(bareboxImage(), 'HIL_BAREBOX')
    case 'labgrid-environments':
      return existsSync(labgridEnvironments())
        ? undefined
        : `there is no directory ${labgridEnvironments()} (HIL_LABGRID_ENVIRONMENTS names another)`
    case 'barebox-2nd':
      return imageLacks(secondBareboxImage(), 'HIL_BAREBOX_2ND')
    case 'labgrid':
      return cacheLacks(labgridDirectory(), 'labgrid') ?? programLacks('ser2net')
    case 'power-peers':
      return cacheLacks(peersDirectory(), 'power-peers') ?? programLacks('pdudaemon')
    default:
      return programLacks(name)
  }
}

/** A disk made of a file needs root, and a kernel that has such disks. */
function loopLack(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can make a disk of a file'
  return existsSync('/dev/loop-control') ? undefined : 'this machine has no loop devices'
}

function qemuLacks(): string | undefined {
  const lack = packages.find(({ group, proof }) => group === 'boards' && !isThere(proof))
  if (lack !== undefined) return `${lack.name} is not installed${because(lack.name)}`
  return cacheLacks(debianArm64().directory, 'debian-arm64')
}

/** Sources, and all that builds them. */
function kernelBuildLack(): string | undefined {
  const lack = packages.find(({ group, proof }) => group === 'kernels' && !isThere(proof))
  const fetched = (what: string) => reasonOf(what) ?? '`npm run test:kernel-tree` fetches it'
  if (lack !== undefined) return `${lack.name} is not installed: ${fetched(lack.name)}`
  if (existsSync(linuxSource())) return undefined
  return `there is no kernel source at ${linuxSource()} (HIL_LINUX_SOURCE names another): ${fetched('linux-source')}`
}

function cacheLacks(directory: string, what: string): string | undefined {
  return existsSync(directory) ? undefined : `${directory} is not there${because(what)}`
}

function imageLacks(image: string, variable: string): string | undefined {
  if (existsSync(image)) return undefined
  return `there is no barebox image at ${image} (${variable} names another)`
}

function pythonLacks(module: string): string | undefined {
  const { status } = spawnSync('python3', ['-c', `import ${module}`])
  return status === 0 ? undefined : `python3-${module} is not installed`
}

function programLacks(name: string): string | undefined {
  const source = packages.find(({ proof }) => proof === name)?.name
  if (source === undefined) {
    throw new Error(`no package in scripts/setup/packages.mjs gives ${name}: set-up could never install it`)
  }
  return isThere(name) ? undefined : `${name} (package ${source}) is not installed${because(source)}`
}

function because(what: string): string {
  const reason = reasonOf(what)
  return reason === undefined ? ', see `npm run setup`' : `: ${reason}`
}

/** What set-up said when it could not get the thing. */
function reasonOf(what: string): string | undefined {
  return readSetupReport().find((missing) => missing.what.includes(what))?.reason
}

function readSetupReport(): readonly Missing[] {
  if (!existsSync(setupReport())) return []
  return (JSON.parse(readFileSync(setupReport(), 'utf8')) as { missing: Missing[] }).missing
}
