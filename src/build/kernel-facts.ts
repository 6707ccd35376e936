import { readFile } from 'node:fs/promises'
import type { Compression } from '../codecs/compression/index.ts'
import { inspectKernelImage, type KernelImage } from '../codecs/kernel-image/index.ts'
import type { KernelFacts } from '../payload/index.ts'
import { decompress } from './decompress.ts'
import { unreadable } from './files.ts'

/** Reads what a kernel says of itself. Throws `kernel-image.*` and `payload.unreadable`. */
export async function readKernelFacts(kernel: string, config: string | undefined): Promise<KernelFacts> {
  const bytes = await readFile(kernel).catch((error: unknown) => {
    throw unreadable(kernel, error)
  })
  const image = await inspectKernelImage(bytes, { decompress })
  return toFacts(image, config === undefined ? undefined : await readFile(config, 'utf8'))
}

export function toFacts(
  { architecture, release, banner, buildId }: KernelImage,
  config: string | undefined,
): KernelFacts {
  return {
    architecture,
    release,
    banner,
    buildId,
    unpacks: config === undefined ? undefined : initramfsCompressions(config),
  }
}

const options: Readonly<Record<string, Compression>> = {
  GZIP: 'gzip',
  BZIP2: 'bzip2',
  LZMA: 'lzma',
  XZ: 'xz',
  LZO: 'lzo',
  LZ4: 'lz4',
  ZSTD: 'zstd',
}

/** `CONFIG_RD_*` of a kernel's configuration. */
function initramfsCompressions(config: string): Compression[] {
  return Object.entries(options).flatMap(([name, compression]) =>
    new RegExp(`^CONFIG_RD_${name}=y$`, 'm').test(config) ? [compression] : [],
  )
}

/** The compiler in a banner: `Linux version 6.1 (builder) (gcc-12 (Debian 12.2.0) 12.2.0, GNU ld ...) #1`. */
export function compilerOf(banner: string | undefined): string | undefined {
  return /^Linux version \S+ \(.*?\) \((.+)\) #/.exec(banner ?? '')?.[1]
}
