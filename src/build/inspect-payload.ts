import { readFile } from 'node:fs/promises'
import { openFdtRoot, toTexts } from '../codecs/fdt/index.ts'
import {
  configurationOf,
  imageOf,
  matchFit,
  openFit,
  storedData,
  unpackedData,
  verifyFit,
  type Fit,
} from '../codecs/fit/index.ts'
import { collect } from '../codecs/byte-source.ts'
import { readInitramfs, type Initramfs } from '../codecs/cpio/index.ts'
import { inspectKernelImage } from '../codecs/kernel-image/index.ts'
import type { RandomAccess } from '../codecs/random-access.ts'
import { HilError } from '../core/errors.ts'
import type {
  BoardFacts,
  DeviceTreeContents,
  FitContents,
  InitrdContents,
  Payload,
  PayloadContents,
} from '../payload/index.ts'
import { decompress } from './decompress.ts'
import { openPayloadFile } from './files.ts'
import { initramfsContents } from './initrd/initramfs-contents.ts'

/**
 * What a payload's files hold, for `preflight` and `hil payload ls`; what is damaged is told in its place.
 * @param paths where the artifacts are, by their names
 */
export async function inspectPayload(
  paths: ReadonlyMap<string, string>,
  payload: Payload,
  board: Pick<BoardFacts, 'compatible' | 'bootloader'> | undefined,
): Promise<InspectedPayload> {
  const image =
    payload.image &&
    (await inspectImage(payload.image.artifact.name, pathIn(paths, payload.image.artifact.name), board))
  const own = payload.initrd.keepsOwn ? (image?.ramdisks ?? []) : []
  const given = await Promise.all(
    payload.initrd.parts.map(async ({ name }) => ({ name, bytes: await readFile(pathIn(paths, name)) })),
  )
  const initrds = [...own, ...given]
  const whole = await readInitramfs(Buffer.concat(initrds.map(({ bytes }) => bytes)), { decompress })
  const trees = typeof payload.deviceTree.base === 'string' ? [] : [payload.deviceTree.base]
  return {
    contents: {
      image: image?.contents,
      deviceTrees: await Promise.all([
        ...trees.map(({ name }) => inspectTree(name, pathIn(paths, name), false)),
        ...payload.deviceTree.overlays.map(({ name }) => inspectTree(name, pathIn(paths, name), true)),
      ]),
      initrds: await Promise.all(initrds.map(inspectInitrd)),
      initramfs: initrds.length === 0 ? undefined : initramfsContents(whole),
    },
    initramfs: initrds.length === 0 ? undefined : whole,
  }
}

function pathIn(paths: ReadonlyMap<string, string>, name: string): string {
  return paths.get(name) ?? name
}

export interface InspectedPayload {
  readonly contents: PayloadContents
  /** All initrds together. */
  readonly initramfs: Initramfs | undefined
}

interface NamedBytes {
  readonly name: string
  readonly bytes: Uint8Array
}

async function inspectImage(
  name: string,
  path: string,
  board: Pick<BoardFacts, 'compatible' | 'bootloader'> | undefined,
) {
  await using source = await openPayloadFile(path)
  if ((await magicOf(source)) !== fdtMagic) {
    const bytes = await source.read(0, source.size)
    const kernel = await orError(inspectKernelImage(bytes, { decompress }))
    return { contents: { name, size: source.size, kernel }, ramdisks: [] }
  }
  const fit = await openFit(source)
  const match =
    board?.bootloader === undefined
      ? undefined
      : await matchFit(source, fit, { board: board.compatible, bootloader: board.bootloader })
  const contents: FitContents = { fit, match, verification: await orError(verifyFit(source, fit)) }
  const chosen = match?.configuration ?? fit.configurations.keys().next().value
  const parts = await fitParts(source, fit, chosen)
  return {
    contents: { name, size: source.size, kernel: parts.kernel, fit: contents },
    ramdisks: parts.ramdisks.map((bytes, index) => ({ name: `${name} (ramdisk ${index + 1})`, bytes })),
  }
}

const fdtMagic = 0xd00dfeed

async function magicOf(source: RandomAccess): Promise<number> {
  if (source.size < 4) return 0
  return Buffer.from(await source.read(0, 4)).readUInt32BE()
}

async function fitParts(source: RandomAccess, fit: Fit, name: string | undefined) {
  const configuration = configurationOf(fit, name ?? '')
  const kernelImage = imageOf(fit, configuration.kernel ?? '')
  const kernel = await orError(
    unpackedData(source, kernelImage, { decompress }).then((bytes) =>
      inspectKernelImage(bytes, { decompress }),
    ),
  )
  const ramdisks = await Promise.all(
    configuration.ramdisk.map((ramdisk) =>
      collect(storedData(source, imageOf(fit, ramdisk)).open(), source.size),
    ),
  )
  return { kernel, ramdisks }
}

async function inspectTree(name: string, path: string, isOverlay: boolean): Promise<DeviceTreeContents> {
  const read = async () => {
    await using source = await openPayloadFile(path)
    const value = (await openFdtRoot(source)).properties.get('compatible')?.bytes
    return value === undefined ? [] : toTexts(value, 'compatible')
  }
  return { name, isOverlay, compatible: await orError(read()) }
}

async function inspectInitrd({ name, bytes }: NamedBytes): Promise<InitrdContents> {
  const { members, failure } = await readInitramfs(bytes, { decompress })
  return {
    name,
    size: bytes.length,
    compressions: members.map(({ compression }) => compression),
    failure,
    hasForeignXzCheck: members.some(
      ({ compression, offset }) => compression === 'xz' && !knownXzCheck(bytes[offset + 7]),
    ),
  }
}

/** None, or CRC32 (the .xz file format 1.2, section 2.1.1.2). */
function knownXzCheck(flags: number | undefined): boolean {
  return flags === 0 || flags === 1
}

async function orError<T>(work: Promise<T>): Promise<T | HilError> {
  try {
    return await work
  } catch (error) {
    if (error instanceof HilError) return error
    throw error
  }
}
