import { utf8 } from '../../binary.ts'
import { directory, file, FileTree, type FileNode } from '../../files/file-tree.ts'
import type { SimulatorOptions } from '../../options.ts'

/** The disk with the stock system: a kernel, and the bootloader-spec entry that starts it. */
export function createDisk({ linux }: SimulatorOptions): FileTree {
  const tree = new FileTree()
  const entry = `title stock rootfs\nversion 1\nlinux /Image\noptions ${utf8(linux.bootargs)}\n`
  const content: Readonly<Record<string, FileNode>> = {
    '/Image': file(stockImage(linux.release)),
    '/loader': directory({ entries: directory({ 'virt.conf': file(entry) }) }),
    '/lost+found': directory(),
  }
  for (const [path, node] of Object.entries(content)) tree.put(path, node)
  return tree
}

/**
 * The head of an arm64 Image that is an EFI program too, and the release where a kernel has it.
 * Source: Linux, Documentation/arch/arm64/booting.rst.
 */
function stockImage(release: string): string {
  const header = Buffer.alloc(4096)
  header.write('MZ', 0, 'latin1')
  // The size in memory of Debian's kernel.
  header.writeBigUInt64LE(0x2010000n, 16)
  header.write('ARM\x64', 56, 'latin1')
  return `${header.toString('latin1')}Linux version ${release} (\0`
}
