import { readFileSync, statSync } from 'node:fs'
import { utf8 } from '../../binary.ts'
import { directory, file, FileTree, type FileNode } from '../../files/file-tree.ts'
import type { SimulatorOptions } from '../../options.ts'
import type { StockSystem } from '../../stock-system.ts'

/** The disk with the stock system: a kernel, what belongs to it, and the bootloader-spec entry that starts it. */
export function createDisk(
  { linux }: SimulatorOptions,
  { kernel, initrd, deviceTree, bootargs }: Partial<StockSystem> = {},
): FileTree {
  const tree = new FileTree()
  const keys = {
    title: 'stock rootfs',
    version: '1',
    linux: '/Image',
    ...(initrd === undefined ? {} : { initrd: '/initrd' }),
    ...(deviceTree === undefined ? {} : { devicetree: '/board.dtb' }),
    options: utf8(bootargs ?? linux.bootargs),
  }
  const entry = Object.entries(keys)
    .map(([key, value]) => `${key} ${value}\n`)
    .join('')
  const content: Readonly<Record<string, FileNode>> = {
    '/Image': kernel === undefined ? file(stockImage(linux.release)) : hostFile(kernel),
    ...(initrd === undefined ? {} : { '/initrd': hostFile(initrd) }),
    ...(deviceTree === undefined ? {} : { '/board.dtb': hostFile(deviceTree) }),
    '/loader': directory({ entries: directory({ 'virt.conf': file(entry) }) }),
    '/lost+found': directory(),
  }
  for (const [path, node] of Object.entries(content)) tree.put(path, node)
  return tree
}

/** Read when it is used. */
function hostFile(path: string): FileNode {
  return {
    type: 'file',
    content: () => readFileSync(path, 'latin1'),
    size: statSync(path).size,
    write: undefined,
    mode: 0o644,
  }
}

/**
 * The head of an arm64 Image that is an EFI program too, and the release where a kernel has it.
 * Source: Linux, Documentation/arch/arm64/booting.rst.
 */
export function stockImage(release: string): string {
  const header = Buffer.alloc(4096)
  header.write('MZ', 0, 'latin1')
  // The size in memory of Debian's kernel.
  header.writeBigUInt64LE(0x2010000n, 16)
  header.write('ARM\x64', 56, 'latin1')
  return `${header.toString('latin1')}Linux version ${release} (\0`
}
