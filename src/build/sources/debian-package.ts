import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { execa } from 'execa'
import { payloadError } from '../../codecs/payload-error.ts'
import { digestFile } from '../../core/digest-file.ts'
import { endOf } from '../../core/end-of.ts'
import { findProgram } from '../../core/find-program.ts'
import { openModuleDirectory, type ModuleFiles } from '../modules/module-files.ts'
import type { KernelSource } from './kernel-source.ts'
import { firstThere, listFiles } from './list-files.ts'

/**
 * A kernel as Debian packages it. Newer ones are split (linux-binary, linux-modules, ...): all parts
 * are unpacked into one directory.
 *
 * @param packages `.deb` files, or one directory where they were unpacked
 * @param scratch where `.deb` files are unpacked; it is the caller's to remove
 * @throws HilError `debian-package.*` (payload)
 */
export async function openDebianPackage(packages: readonly string[], scratch: string): Promise<KernelSource> {
  const [first = ''] = packages
  const root = (await isDirectory(first)) ? first : scratch
  if (root === scratch) for (const file of packages) await unpack(file, scratch)
  const { kernel, release } = await findKernel(root, packages)
  const config = await firstThere([join(root, 'boot', `config-${release}`)])
  return {
    origin: {
      kind: 'debian-package',
      path: packages.map((file) => basename(file)).join(' '),
      ...(config === undefined ? {} : { configSha256: (await digestFile(config)).sha256 }),
    },
    kernel,
    deviceTrees: await listFiles(join(root, 'usr/lib', `linux-image-${release}`), '.dtb'),
    modules: await openModules(root, release),
    config,
    ...(root === scratch ? { inputs: packages } : {}),
  }
}

async function unpack(file: string, to: string): Promise<void> {
  if ((await findProgram('dpkg-deb')) === undefined) {
    throw payloadError('debian-package.no-dpkg', `${file} can't be unpacked: dpkg-deb is not installed`, {
      file,
    })
  }
  const { failed, stderr } = await execa('dpkg-deb', ['--extract', file, to], { reject: false })
  if (failed) {
    throw payloadError('debian-package.damaged', `${file} can't be unpacked: ${endOf(stderr)}`, { file })
  }
}

async function findKernel(root: string, packages: readonly string[]) {
  const boot = (await readdir(join(root, 'boot')).catch(() => [])).filter((name) =>
    name.startsWith('vmlinuz-'),
  )
  const found = boot.map((name) => ({
    kernel: join(root, 'boot', name),
    release: name.slice('vmlinuz-'.length),
  }))
  for (const parent of ['usr/lib/modules', 'lib/modules']) {
    for (const release of await readdir(join(root, parent)).catch(() => [])) {
      const kernel = await firstThere([join(root, parent, release, 'vmlinuz')])
      if (kernel !== undefined) found.push({ kernel, release })
    }
  }
  const [only, ...others] = found
  if (only !== undefined && others.length === 0) return only
  throw payloadError(
    'debian-package.kernel',
    only === undefined
      ? `${packages.join(', ')} holds no kernel (boot/vmlinuz-*): a package such as linux-image-arm64 only names the real one`
      : `${packages.join(', ')} holds ${found.length} kernels (${found.map(({ release }) => release).join(', ')}): give those of one`,
    { packages },
  )
}

async function openModules(root: string, release: string): Promise<ModuleFiles | undefined> {
  const directory = await firstThere(
    ['lib/modules', 'usr/lib/modules'].map((parent) => join(root, parent, release, 'kernel')),
  )
  return directory === undefined ? undefined : openModuleDirectory(join(directory, '..'))
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false
}
