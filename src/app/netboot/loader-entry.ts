import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { HilError } from '../../core/errors.ts'
import type { NetbootFinding } from './finding.ts'

export interface LoaderEntryOptions {
  /** Paths within the root file system. */
  readonly kernel: string | undefined
  readonly devicetree: string | undefined
  readonly bootargs: string | undefined
  readonly dryRun: boolean
}

const ownEntry = 'loader/entries/hil-nfs.conf'

/** Kernels as distributions and build systems name them. */
const kernelNames = /^(?:vmlinu[xz]|Image|zImage|fitImage)(?:[-.].*)?$/

/**
 * Sees to it that barebox finds something to boot in a root file system. An entry that is there already and
 * could be booted is left alone, unless a kernel is named.
 */
export async function loaderEntryFindings(
  root: string,
  options: LoaderEntryOptions,
): Promise<readonly NetbootFinding[]> {
  const { kernel, dryRun } = options
  const usable = kernel === undefined ? await usableEntry(root) : undefined
  if (usable !== undefined) {
    return [
      { level: 'ok', sentence: `${usable.name} boots ${usable.kernel}` },
      ...(await kernelFindings(root, usable.kernel)),
    ]
  }
  const chosen = kernel === undefined ? await findKernel(root) : within(root, kernel)
  if (chosen === undefined) {
    return [
      {
        level: 'problem',
        sentence:
          'there is no loader entry, and no kernel in boot/ to write one for: put one there, or name it with --kernel',
      },
    ]
  }
  const missing = await missingFile(root, [chosen, options.devicetree && within(root, options.devicetree)])
  if (missing !== undefined) return [{ level: 'problem', sentence: `there is no ${missing} in ${root}` }]
  const text = entryText(chosen, options)
  if (!dryRun) {
    await mkdir(dirname(join(root, ownEntry)), { recursive: true })
    await writeFile(join(root, ownEntry), text)
  }
  const did = dryRun ? 'would be written' : 'is written'
  return [
    { level: 'ok', sentence: `${ownEntry} ${did}: it boots ${chosen}` },
    ...(await kernelFindings(root, chosen)),
  ]
}

/** `linux-appendroot`: barebox adds root=, nfsroot= and ip= of the mount it boots from. */
function entryText(kernel: string, { devicetree, bootargs }: LoaderEntryOptions): string {
  return [
    'title      NFS root, by hil',
    `linux      /${kernel}`,
    ...(devicetree === undefined ? [] : [`devicetree /${devicetree.replace(/^\/+/, '')}`]),
    ...(bootargs === undefined ? [] : [`options    ${bootargs}`]),
    'linux-appendroot true',
    '',
  ].join('\n')
}

/** An entry whose kernel is there, and that gets its root from the mount. */
async function usableEntry(root: string): Promise<{ name: string; kernel: string } | undefined> {
  const directory = 'loader/entries'
  for (const name of await readdir(join(root, directory)).catch(() => [])) {
    if (!name.endsWith('.conf')) continue
    const text = await readFile(join(root, directory, name), 'utf8')
    const kernel = /^linux\s+\/*(\S+)/m.exec(text)?.[1]
    const isRooted = /^linux-appendroot\s+(?:true|1|yes)|^options\s.*\broot=\/dev\/nfs\b/m.test(text)
    if (kernel !== undefined && isRooted && (await missingFile(root, [kernel])) === undefined) {
      return { name: `${directory}/${name}`, kernel }
    }
  }
  return undefined
}

async function findKernel(root: string): Promise<string | undefined> {
  const names = await readdir(join(root, 'boot')).catch(() => [])
  const newest = names
    .filter((name) => kernelNames.test(name))
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1)
  return newest === undefined ? undefined : `boot/${newest}`
}

/** A kernel that can mount NFS has it built in: no initramfs goes along. */
async function kernelFindings(root: string, kernel: string): Promise<readonly NetbootFinding[]> {
  const release = /vmlinu[xz]-(\S+)$/.exec(kernel)?.[1]
  if (release === undefined) return []
  const config = await readFile(join(root, 'boot', `config-${release}`), 'utf8').catch(() => undefined)
  if (config === undefined) return []
  const lacks = ['CONFIG_NFS_FS', 'CONFIG_ROOT_NFS', 'CONFIG_IP_PNP'].filter(
    (name) => !config.includes(`\n${name}=y`),
  )
  if (lacks.length === 0) return []
  return [
    {
      level: 'problem',
      sentence: `${kernel} can't mount a root by NFS: ${lacks.join(', ')} would have to be =y; build one that has them, or add an initrd that does it`,
    },
  ]
}

async function missingFile(
  root: string,
  paths: readonly (string | undefined)[],
): Promise<string | undefined> {
  for (const path of paths) {
    if (path === undefined) continue
    const facts = await stat(join(root, path)).catch(() => undefined)
    if (facts?.isFile() !== true) return path
  }
  return undefined
}

/** @throws HilError `netboot.outside` (environment) for a path that leaves the tree */
function within(root: string, path: string): string {
  const inside = relative(root, join(root, path))
  if (inside !== '' && !inside.startsWith('..')) return inside
  throw new HilError('netboot.outside', `${path} lies outside of ${root}`, { blame: 'environment' })
}
