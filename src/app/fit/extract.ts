import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { decompress } from '../../build/decompress.ts'
import { openPayloadFile } from '../../build/files.ts'
import { imageOf, openFit, storedData, unpackedData } from '../../codecs/fit/index.ts'
import { formatSize } from '../format-size.ts'

export interface FitExtractArguments {
  readonly file: string
  /** Names of images; none: all. */
  readonly images: readonly string[]
  readonly output: string
  /** As they are stored, not unpacked. */
  readonly raw: boolean
}

/** `hil fit extract`: images as files of their names. @returns the exit code */
export async function extractFitCommand(args: FitExtractArguments, cwd = process.cwd()): Promise<number> {
  await using source = await openPayloadFile(resolve(cwd, args.file))
  const fit = await openFit(source)
  const names = args.images.length > 0 ? args.images : [...fit.images.keys()]
  const images = names.map((name) => imageOf(fit, name))
  await mkdir(resolve(cwd, args.output), { recursive: true })
  for (const image of images) {
    // The name of a node holds no slash: reading the tree has seen to that.
    const target = join(
      args.output,
      image.name === '..' || image.name === '.' ? `_${image.name}` : image.name,
    )
    const path = resolve(cwd, target)
    if (args.raw) await pipeline(storedData(source, image).open(), createWriteStream(path))
    else await writeFile(path, await unpackedData(source, image, { decompress }))
    process.stdout.write(
      `${target}: ${image.type ?? 'unknown'}, ${formatSize(image.data?.size ?? 0)} stored\n`,
    )
  }
  return 0
}
