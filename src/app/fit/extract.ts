import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { decompress } from '../../build/decompress.ts'
import { imageOf, storedData, unpackedData } from '../../codecs/fit/index.ts'
import { formatSize } from '../format-size.ts'
import { about, withFit } from './with-fit.ts'
import { unwritable, writeOutput } from './write-output.ts'

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
  await withFit(args.file, cwd, async (source, fit) => {
    const names = args.images.length > 0 ? args.images : [...fit.images.keys()]
    const images = names.map((name) => imageOf(fit, name))
    const directory = resolve(cwd, args.output)
    await mkdir(directory, { recursive: true }).catch((error: unknown) => {
      throw unwritable(directory, error)
    })
    for (const image of images) {
      const { name, type = 'unknown', data } = image
      // The name of a node holds no slash: reading the tree has seen to that.
      const target = join(args.output, name === '..' || name === '.' ? `_${name}` : name)
      const content = args.raw
        ? storedData(source, image)
        : await about(name, () => unpackedData(source, image, { decompress }))
      const size = content instanceof Uint8Array ? content.length : content.size
      await writeOutput(resolve(cwd, target), content)
      const stored = size === data?.size ? '' : ` (${formatSize(data?.size ?? 0)} stored)`
      process.stdout.write(`${target}: ${type}, ${formatSize(size)}${stored}\n`)
    }
  })
  return 0
}
