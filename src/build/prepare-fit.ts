import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import {
  configurationOf,
  createFit,
  imageOf,
  matchFit,
  openFit,
  trimFit,
  unpackedData,
  withTimestamp,
  type Fit,
} from '../codecs/fit/index.ts'
import { inspectKernelImage } from '../codecs/kernel-image/index.ts'
import type { RandomAccess } from '../codecs/random-access.ts'
import { stockPayload, type ImageChoice, type KernelFacts } from '../payload/index.ts'
import type { BoardTarget } from './build-request.ts'
import { decompress } from './decompress.ts'
import { openPayloadFile } from './files.ts'
import { toFacts } from './kernel-facts.ts'

export interface PreparedFit {
  /** Those that are kept. */
  readonly configurations: readonly string[]
  readonly brings: ImageChoice['brings']
  readonly kernel: KernelFacts
  /** Of the first configuration, unpacked. */
  readonly deviceTree: Uint8Array | undefined
  /** In place of its own. */
  readonly timestamp?: number
  readonly notes: readonly string[]
  readonly write: (path: string) => Promise<void>
}

/** What is known of a FIT that was built just now. */
export interface FreshFit {
  /** The kernel's configuration. */
  readonly config: string
  /** In place of the times that the build left in it. */
  readonly timestamp: number
}

/** A FIT with only what the board's bootloader can take of it, for it fetches the whole file. */
export async function prepareFit(
  file: string,
  board: BoardTarget | undefined,
  fresh?: FreshFit,
): Promise<PreparedFit> {
  await using source = await openPayloadFile(file)
  const fit = await openFit(source)
  const { names, notes } = await choose(source, fit, board)
  const configuration = configurationOf(fit, names[0] ?? '')
  return {
    configurations: names,
    notes,
    brings: { deviceTree: configuration.fdt.length > 0, initrd: configuration.ramdisk.length > 0 },
    kernel: await kernelFacts(source, fit, configuration.kernel, fresh?.config),
    ...(fresh && { timestamp: fresh.timestamp }),
    deviceTree: await deviceTreeOf(source, fit, configuration.fdt[0]),
    write: async (path) => {
      await using again = await openPayloadFile(file)
      const trimmed = trimFit(again, fit, names)
      const made = await createFit(fresh === undefined ? trimmed : withTimestamp(trimmed, fresh.timestamp))
      await pipeline(made.open(), createWriteStream(path, { mode: 0o644 }))
    },
  }
}

async function choose(source: RandomAccess, fit: Fit, board: BoardTarget | undefined) {
  const all = [...fit.configurations.keys()]
  if (board?.bootloader === undefined) return { names: all, notes: [] }
  const match = await matchFit(source, fit, { board: board.compatible, bootloader: board.bootloader })
  if (match.how !== 'compatible') return { names: all, notes: match.warnings.map(({ message }) => message) }
  return { names: match.equals, notes: [] }
}

async function deviceTreeOf(source: RandomAccess, fit: Fit, name: string | undefined) {
  return name === undefined ? undefined : unpackedData(source, imageOf(fit, name), { decompress })
}

async function kernelFacts(
  source: RandomAccess,
  fit: Fit,
  name: string | undefined,
  config: string | undefined,
): Promise<KernelFacts> {
  if (name === undefined) return stockPayload.kernel
  const bytes = await unpackedData(source, imageOf(fit, name), { decompress })
  const text = config === undefined ? undefined : await readFile(config, 'utf8')
  return toFacts(await inspectKernelImage(bytes, { decompress }), text)
}
