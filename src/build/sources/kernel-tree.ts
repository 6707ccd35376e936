import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { payloadError } from '../../codecs/payload-error.ts'
import { digestFile } from '../../core/digest-file.ts'
import { parseModulePaths } from '../../payload/modules/index.ts'
import { openModuleArchive, type ModuleFiles } from '../modules/module-files.ts'
import type { KernelSource } from './kernel-source.ts'
import { firstThere, listFiles } from './list-files.ts'

export interface KernelTree {
  /** The source tree. */
  readonly tree: string
  /** Where it was built (`O=`). @default the tree itself */
  readonly objects?: string | undefined
  /** Runs `make` first, which otherwise never happens. */
  readonly make?: MakeOptions | undefined
}

export interface MakeOptions {
  /** `arm64`, ... as in `ARCH=`. @default that of the environment variable, else of the configuration */
  readonly architecture?: string | undefined
  /** As in `CROSS_COMPILE=`. @default that of the environment variable */
  readonly crossCompile?: string | undefined
}

/** What kbuild makes for a bootloader, by `ARCH`. */
const images: Readonly<Record<string, readonly string[]>> = {
  arm64: ['Image', 'Image.gz'],
  arm: ['zImage'],
  riscv: ['Image', 'Image.gz'],
  x86: ['bzImage'],
}

/**
 * What was built in a kernel tree: the kernel, all device trees, and the modules, right where the
 * compiler left them, which is what `modules_install` copies. They are never older than the build,
 * as a `modules-*.cpio` or an `image.fit` could be; the former is taken only where nothing else is.
 *
 * Throws `kernel-tree.*` (payload) with what to do.
 */
export async function openKernelTree({ tree, objects = tree, make }: KernelTree): Promise<KernelSource> {
  if (make !== undefined) await runMake(tree, objects, make)
  const architecture = await readArchitecture(tree, objects)
  const boot = join(objects, 'arch', architecture, 'boot')
  const kernel = await firstThere((images[architecture] ?? ['Image']).map((name) => join(boot, name)))
  if (kernel === undefined) {
    throw notBuilt(objects, `there is no kernel in ${boot}`)
  }
  const release = await readRelease(objects)
  const config = join(objects, '.config')
  return {
    origin: {
      kind: 'kernel-tree',
      path: tree,
      ...(await describeRevision(tree)),
      configSha256: (await digestFile(config)).sha256,
    },
    kernel,
    deviceTrees: await listFiles(join(boot, 'dts'), '.dtb'),
    modules: await openBuiltModules(objects, release),
    config,
  }
}

async function runMake(tree: string, objects: string, options: MakeOptions): Promise<void> {
  const { crossCompile = process.env['CROSS_COMPILE'] } = options
  // Without one, make would take this machine's, and make the configuration over for that.
  const architecture = options.architecture ?? process.env['ARCH'] ?? (await readArchitecture(tree, objects))
  const variables = [
    ...(objects === tree ? [] : [`O=${objects}`]),
    `ARCH=${architecture}`,
    ...(crossCompile === undefined ? [] : [`CROSS_COMPILE=${crossCompile}`]),
  ]
  const words = ['-C', tree, `-j${availableParallelism()}`, ...variables]
  const { failed, exitCode } = await execa('make', words, {
    stdin: 'ignore',
    // What make says is for the person who asked for it; stdout is for results.
    stdout: process.stderr,
    stderr: process.stderr,
    reject: false,
  })
  if (!failed) return
  throw payloadError(
    'kernel-tree.make',
    `the build failed: "make ${words.join(' ')}" exited with ${exitCode ?? 'a signal'}; what it said is above`,
    { tree, exitCode },
  )
}

/** `# Linux/arm64 7.2.13 Kernel Configuration` is the third line of a configuration. */
async function readArchitecture(tree: string, objects: string): Promise<string> {
  const config = await readFile(join(objects, '.config'), 'utf8').catch(() => {
    if (!existsSync(objects)) {
      throw payloadError('kernel-tree.missing', `there is no kernel tree at ${objects}`, { tree, objects })
    }
    throw payloadError(
      'kernel-tree.not-configured',
      `${objects} is no configured kernel tree: it has no .config${objects === tree ? '; if it was built elsewhere (O=), name that directory too (--objects)' : ''}`,
      { tree, objects },
    )
  })
  const name = /^# Linux\/(\S+) /m.exec(config)?.[1] ?? 'arm64'
  return name === 'x86_64' || name === 'i386' ? 'x86' : name
}

async function readRelease(objects: string): Promise<string> {
  const text = await readFile(join(objects, 'include/config/kernel.release'), 'utf8').catch(() => {
    throw notBuilt(objects, 'there is no include/config/kernel.release')
  })
  return text.trim()
}

/** In a tree paths are those of objects; installed they are below `kernel/`. */
async function openBuiltModules(objects: string, release: string): Promise<ModuleFiles | undefined> {
  const order = await readFile(join(objects, 'modules.order'), 'utf8').catch(() => undefined)
  if (order === undefined) {
    const name = (await readdir(objects)).find(
      (each) => each.startsWith(`modules-${release}-`) && each.endsWith('.cpio'),
    )
    return name === undefined ? undefined : openModuleArchive(join(objects, name))
  }
  const built = builtPaths(parseModulePaths(order))
  const texts = ['modules.builtin', 'modules.builtin.modinfo', 'modules.order']
  return {
    release,
    paths: built.map((path) => `kernel/${path}`).sort(),
    inputs: [...built, ...texts].map((path) => join(objects, path)),
    read: async (path) => {
      if (path === 'modules.order') return Buffer.from(built.map((each) => `kernel/${each}\n`).join(''))
      const bytes = await readFile(join(objects, path.replace(/^kernel\//, ''))).catch(() => undefined)
      return path === 'modules.builtin' && bytes !== undefined ? installedPaths(bytes) : bytes
    },
  }
}

/**
 * Since 6.5 modules.order lists objects (.o), before that modules (.ko), and before 5.3 these as they are
 * installed: `kernel/` in front is then no directory of the tree, which has one of that name.
 */
function builtPaths(listed: readonly string[]): readonly string[] {
  const isInstalled = listed.every((path) => /^kernel\/.*\.ko$/.test(path))
  return listed.map((path) => (isInstalled ? path.slice('kernel/'.length) : path.replace(/\.o$/, '.ko')))
}

function installedPaths(list: Uint8Array): Uint8Array {
  const paths = parseModulePaths(Buffer.from(list).toString('utf8'))
  return Buffer.from(
    paths.map((path) => `kernel/${path.replace(/^kernel\//, '').replace(/\.o$/, '.ko')}\n`).join(''),
  )
}

async function describeRevision(tree: string): Promise<{ readonly revision?: string }> {
  const { stdout, failed } = await execa('git', ['-C', tree, 'describe', '--always', '--dirty', '--tags'], {
    reject: false,
    stderr: 'ignore',
  })
  return failed || stdout === '' ? {} : { revision: stdout }
}

function notBuilt(objects: string, what: string) {
  return payloadError(
    'kernel-tree.not-built',
    `the kernel in ${objects} is not built: ${what}; run make, or let hil do it (--make)`,
    { objects },
  )
}
