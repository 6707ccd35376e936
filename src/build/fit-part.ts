import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { buildFit } from '../codecs/fit/index.ts'
import { payloadError } from '../codecs/payload-error.ts'
import type { ImageChoice, KernelFacts } from '../payload/index.ts'
import { toArtifact, type ArtifactMaker } from './artifact-maker.ts'
import type { PayloadRequest } from './build-request.ts'
import { mergeDeviceTree } from './device-tree.ts'
import { fileSource } from './files.ts'
import type { PreparedFit } from './prepare-fit.ts'
import type { FitSource } from './sources/fit.ts'
import type { KernelSource } from './sources/kernel-source.ts'

const name = 'image.fit'

interface FitParts {
  readonly source: KernelSource & { readonly kernel: string }
  readonly trees: readonly string[]
  readonly kernel: KernelFacts
  /** Path of an initrd to be put in; without one the FIT has none. */
  readonly ramdisk: string | undefined
}

/** One FIT with the kernel and a configuration for each device tree. Throws `payload.no-device-tree`. */
export async function makeFitPart(
  maker: ArtifactMaker,
  { overlays, timestamp, files }: Pick<PayloadRequest, 'overlays' | 'timestamp' | 'files'>,
  { source, trees, kernel, ramdisk }: FitParts,
): Promise<ImageChoice> {
  if (trees.length === 0) {
    throw payloadError(
      'payload.no-device-tree',
      'a FIT needs a device tree for its configuration: name one (--dtb), or take --format files',
    )
  }
  const takesInitrd = ramdisk !== undefined
  const settings = ['fit', timestamp, kernel.release, trees.length, overlays, takesInitrd, files]
  const own = source.inputs ?? [source.kernel, ...trees]
  const inputs = [...own, ...overlays, ...(takesInitrd ? [ramdisk] : [])]
  const description = `Linux-${kernel.release ?? 'unknown'}`
  const produced = await maker.produce(name, { settings, inputs }, async (path) => {
    const fit = await buildFit({
      description,
      timestamp,
      architecture: kernel.architecture ?? 'arm64',
      kernel: { description, data: await fileSource(source.kernel) },
      deviceTrees: await Promise.all(
        trees.map(async (tree) => ({ name: basename(tree), data: await mergeDeviceTree(tree, overlays) })),
      ),
      ramdisks: takesInitrd ? [await readFile(ramdisk)] : [],
      hashes: ['sha256'],
    })
    await pipeline(fit.open(), createWriteStream(path, { mode: 0o644 }))
  })
  return {
    artifact: toArtifact('fit', produced, source.origin),
    brings: { deviceTree: true, initrd: takesInitrd },
  }
}

/** A FIT that was made elsewhere, trimmed to what the board can match. */
export async function trimmedFitPart(
  maker: ArtifactMaker,
  { file, origin }: Pick<FitSource, 'file' | 'origin'>,
  { configurations, timestamp, notes, brings, write }: PreparedFit,
): Promise<ImageChoice> {
  maker.note(...notes)
  const settings = ['fit', configurations, ...(timestamp === undefined ? [] : [timestamp])]
  const produced = await maker.produce(name, { settings, inputs: [file] }, write)
  return { artifact: toArtifact('fit', produced, origin), brings }
}
