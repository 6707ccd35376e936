import { createWriteStream } from 'node:fs'
import { readFile, rename, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileSource } from '../../build/files.ts'
import { readKernelFacts } from '../../build/kernel-facts.ts'
import { buildFit, gzipCompressor, type HashAlgorithm } from '../../codecs/fit/index.ts'
import { listFiles } from '../../build/sources/list-files.ts'
import { formatSize } from '../format-size.ts'

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
  const { release, architecture } = await readKernelFacts(path(args.kernel), undefined)
  const trees = (await Promise.all(args.deviceTrees.map((each) => expand(path(each))))).flat()
  const description = `Linux-${release ?? 'unknown'}`
  const fit = await buildFit({
    description,
    timestamp: Number(process.env['SOURCE_DATE_EPOCH'] ?? 0) || 0,
    architecture: args.architecture ?? architecture ?? 'arm64',
    kernel: { description, data: await fileSource(path(args.kernel)) },
    deviceTrees: await Promise.all(
      trees.map(async (file) => ({ name: basename(file), data: await fileSource(file) })),
    ),
    ramdisks: await Promise.all(args.ramdisks.map((file) => readFile(path(file)))),
    compressor: args.compression === 'none' ? 'none' : gzipCompressor(),
    hashes: args.hashes,
  })
  const output = path(args.output)
  await pipeline(fit.open(), createWriteStream(`${output}.new`))
  await rename(`${output}.new`, output)
  process.stdout.write(
    `${args.output}: ${description}, ${trees.length} configuration${trees.length === 1 ? '' : 's'}, ${formatSize(fit.size)}\n`,
  )
  return 0
}

async function expand(path: string): Promise<string[]> {
  const isDirectory = (await stat(path).catch(() => undefined))?.isDirectory() ?? false
  return isDirectory ? listFiles(path, '.dtb') : [path]
}
