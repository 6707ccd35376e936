import { unpackInitramfs, type Initramfs, type UnpackedTree } from '../../codecs/cpio/index.ts'
import { HilError } from '../../core/errors.ts'
import type { InitramfsContents } from '../../payload/index.ts'
import { isModulePath, readModuleInfo, releaseOfPath } from '../../payload/modules/index.ts'

type ModuleContents = InitramfsContents['modules'][number]

/** What the kernel will find in an initramfs. */
export function initramfsContents(initramfs: Initramfs): InitramfsContents {
  const tree = unpackInitramfs(initramfs)
  const { skipped, replaced } = tree
  return {
    unpackedBytes: sizeOf(tree),
    init: initOf(tree),
    modules: modulesOf(tree),
    skipped: skipped.map(({ entry, reason }) => ({ path: entry.path, reason: reason.replaceAll('-', ' ') })),
    replacedLinks: replaced
      .filter(({ before, entry }) => before.type === 'symlink' && entry.type === 'directory')
      .map(({ entry }) => entry.path),
  }
}

function sizeOf(tree: UnpackedTree): number {
  let size = 0
  for (const [, node] of tree.list()) if (node.type === 'file') size += node.data.length
  return size
}

function initOf(tree: UnpackedTree): InitramfsContents['init'] {
  const init = tree.lookup('/init')
  if (init?.type !== 'file') return 'missing'
  return ((init.entry?.permissions ?? 0) & 0o111) === 0 ? 'not-executable' : 'executable'
}

function modulesOf(tree: UnpackedTree): ModuleContents[] {
  const modules: ModuleContents[] = []
  for (const [path, node] of tree.list()) {
    const release = releaseOfPath(path)
    if (node.type !== 'file' || release === undefined || !isModulePath(path)) continue
    modules.push({ path, release, ...describe(path, node.data) })
  }
  return modules
}

function describe(path: string, data: Uint8Array): Omit<ModuleContents, 'path' | 'release'> {
  // Compressed ones are the kernel's own to unpack (CONFIG_MODULE_DECOMPRESS), or modprobe's.
  if (!path.endsWith('.ko')) return { vermagic: undefined, architecture: undefined, isCompressed: true }
  try {
    const { vermagic, architecture } = readModuleInfo(data, path)
    return { vermagic, architecture, isCompressed: false }
  } catch (error) {
    if (!(error instanceof HilError)) throw error
    return { vermagic: error.message, architecture: undefined, isCompressed: false }
  }
}
