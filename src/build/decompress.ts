import { execa } from 'execa'
import type { Compression, Decompressor } from '../codecs/compression/index.ts'
import { payloadError } from '../codecs/payload-error.ts'
import { findProgram } from '../core/find-program.ts'

interface Tool {
  readonly program: string
  readonly arguments: readonly string[]
  /** The Debian package. */
  readonly package: string
}

const tools: Readonly<Partial<Record<Compression, Tool>>> = {
  xz: { program: 'xz', arguments: ['--decompress', '--stdout', '--single-stream'], package: 'xz-utils' },
  lzma: { program: 'xz', arguments: ['--decompress', '--stdout', '--format=lzma'], package: 'xz-utils' },
  zstd: { program: 'zstd', arguments: ['--decompress', '--stdout', '--quiet'], package: 'zstd' },
  lz4: { program: 'lz4', arguments: ['-d', '-c', '-q'], package: 'lz4' },
  'lz4-frame': { program: 'lz4', arguments: ['-d', '-c', '-q'], package: 'lz4' },
  lzo: { program: 'lzop', arguments: ['-d', '-c'], package: 'lzop' },
  bzip2: { program: 'bzip2', arguments: ['-d', '-c'], package: 'bzip2' },
}

/**
 * Unpacks what Node can't (all but gzip) with the machine's own tools. Throws
 * `compression.no-tool`, which names the package, and `compression.too-large`.
 */
export const decompress: Decompressor = async (compression, input, limit) => {
  const tool = tools[compression]
  if (tool === undefined || (await findProgram(tool.program)) === undefined) {
    throw payloadError(
      'compression.no-tool',
      `${compression} can't be unpacked: ${tool?.program ?? 'its program'} is not installed (package ${tool?.package ?? 'unknown'})`,
      { compression },
    )
  }
  const result = await execa(tool.program, tool.arguments, {
    input,
    encoding: 'buffer',
    maxBuffer: limit,
    reject: false,
  })
  if (result.isMaxBuffer) {
    throw payloadError(
      'compression.too-large',
      `the ${compression} data unpack to more than the limit of ${limit} bytes`,
      { compression, limit },
    )
  }
  if (result.failed)
    throw new Error(
      Buffer.from(result.stderr ?? [])
        .toString('utf8')
        .trim() || 'it is damaged',
    )
  return result.stdout ?? new Uint8Array(0)
}
