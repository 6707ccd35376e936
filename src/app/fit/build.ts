import { readFile, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { decompress } from '../../build/decompress.ts'
import { fileSource, unreadable } from '../../build/files.ts'
import type { ByteSource, Content } from '../../codecs/byte-source.ts'
import { padMember } from '../../codecs/cpio/index.ts'
import { buildFit, gzipCompressor, type HashAlgorithm } from '../../codecs/fit/index.ts'
import { inspectKernelImage, unwrapKernelImage, type KernelImage } from '../../codecs/kernel-image/index.ts'
import { listFiles } from '../../build/sources/list-files.ts'
import { formatSize } from '../format-size.ts'
import { about } from './with-fit.ts'
import { writeOutput } from './write-output.ts'

export interface FitBuildArguments {
  readonly output: string
  readonly kernel: string
  /** Device trees, or directories of them. */
  readonly deviceTrees: readonly string[]
  readonly ramdisks: readonly string[]
  readonly compression: 'gzip' | 'none'
  readonly hashes: readonly HashAlgorithm[]
  readonly architecture: string | undefined
}

/** `hil fit build`: a FIT as `make image.fit` makes it. @returns the exit code */
export async function buildFitCommand(args: FitBuildArguments, cwd = process.cwd()): Promise<number> {
  const path = (file: string) => resolve(cwd, file)
  const { facts, data } = await about(args.kernel, () => readKernel(path(args.kernel)))
  const { release, architecture } = facts
  const trees = (await Promise.all(args.deviceTrees.map((each) => expand(path(each))))).flat()
  const description = `Linux-${release ?? 'unknown'}`
  const fit = await buildFit({
    description,
    timestamp: Number(process.env['SOURCE_DATE_EPOCH'] ?? 0) || 0,
    architecture: args.architecture ?? architecture,
    kernel: { description, data },
    deviceTrees: await Promise.all(
      trees.map(async (file) => ({ name: basename(file), data: await fileSource(file) })),
    ),
    ramdisks: padForJoining(await Promise.all(args.ramdisks.map((file) => fileSource(path(file))))),
    compressor: args.compression === 'none' ? 'none' : gzipCompressor(),
    hashes: args.hashes,
  })
  await writeOutput(path(args.output), fit)
  process.stdout.write(
    `${args.output}: ${description}, ${trees.length} configuration${trees.length === 1 ? '' : 's'}, ${formatSize(fit.size)}\n`,
  )
  return 0
}

/** A kernel that is compressed or wrapped already is taken out: the bootloader unpacks only what the FIT says. */
async function readKernel(path: string): Promise<{ readonly facts: KernelImage; readonly data: Content }> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw unreadable(path, error)
  })
  const facts = await inspectKernelImage(bytes, { decompress })
  const bare = await unwrapKernelImage(bytes, { decompress })
  return { facts, data: bare.length === bytes.length ? await fileSource(path) : bare }
}

/** Bootloaders put several ramdisks one behind the other as they are; the kernel wants padding between them. */
function padForJoining(ramdisks: readonly ByteSource[]): readonly ByteSource[] {
  return ramdisks.map((ramdisk, index) => (index < ramdisks.length - 1 ? padMember(ramdisk) : ramdisk))
}

async function expand(path: string): Promise<string[]> {
  const isDirectory = (await stat(path).catch(() => undefined))?.isDirectory() ?? false
  return isDirectory ? listFiles(path, '.dtb') : [path]
}
