import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of this clone. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

/** Where hil keeps what it fetched: `$XDG_CACHE_HOME/hil`, by default `~/.cache/hil`. */
export function cacheDirectory() {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'hil')
}

/** The arm64 parts of Debian that the QEMU boards boot; see docs/setup.md for the layout. */
export function debianArm64() {
  const directory = join(cacheDirectory(), 'debian-arm64')
  return {
    directory,
    kernel: join(directory, 'Image'),
    busybox: join(directory, 'busybox'),
    /** Holds `lib/modules/<release>`. */
    modules: join(directory, 'modules'),
    dtbs: join(directory, 'dtbs'),
    release: join(directory, 'release'),
  }
}

/** Another kernel of Debian's for arm64, of another release than the first, and its modules. */
export function debianArm64Cloud() {
  const directory = join(cacheDirectory(), 'debian-arm64-cloud')
  return {
    directory,
    kernel: join(directory, 'Image'),
    modules: join(directory, 'modules'),
    release: join(directory, 'release'),
  }
}

/** labgrid and pdudaemon, as Python packages; tests ask their clients of power switches. */
export function peersDirectory() {
  return join(cacheDirectory(), 'power-peers')
}

/** labgrid's programs with their Python and libraries, as a tree whose root is `/usr` there. */
export function labgridDirectory() {
  return join(cacheDirectory(), 'labgrid')
}

/** A directory with environments for labgrid, such as the examples of its source; there or not. */
export function labgridEnvironments() {
  return process.env['HIL_LABGRID_ENVIRONMENTS'] || join(cacheDirectory(), 'labgrid-environments')
}

/** Programs of Debian's for arm64 with their libraries, as a tree: dropbear, sftp-server, kexec. */
export function debianArm64Tools() {
  return { directory: join(cacheDirectory(), 'debian-arm64-tools') }
}

/** The user's barebox image for QEMU's virt machine, there or not. */
export function bareboxImage() {
  return process.env['HIL_BAREBOX'] || join(cacheDirectory(), 'firmware', 'barebox-qemu-virt.img')
}

/** The user's barebox that another bootloader can start, there or not. */
export function secondBareboxImage() {
  return process.env['HIL_BAREBOX_2ND'] || join(cacheDirectory(), 'firmware', 'barebox-dt-2nd.img')
}

/** Where a kernel is built for QEMU's virt machine, or where one of the user's is. */
export function kernelTree() {
  const theirs = process.env['HIL_KERNEL_TREE']
  return { directory: theirs || join(cacheDirectory(), 'built-kernel'), isOurs: !theirs }
}

/** The sources of a kernel in which nothing was built: Debian's, or others of the user's. */
export function linuxSource() {
  return process.env['HIL_LINUX_SOURCE'] || join(cacheDirectory(), 'linux-source')
}

/** KernelCI's schema of what is submitted to it, as kcidb-io exports it, there or not: its licence keeps it out of here. */
export function kcidbSchema() {
  return join(cacheDirectory(), 'kcidb', 'kcidb-io.schema.v5.3.json')
}

/** Where set-up leaves what it could not do, for those who then have to skip something. */
export function setupReport() {
  return join(cacheDirectory(), 'setup.json')
}
