import { randomUUID } from 'node:crypto'
import { open, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HilError } from '../../../core/errors.ts'
import type { QemuDrive } from './options.ts'

/** Where a drive's data really is. */
export type DriveFile = Pick<QemuDrive, 'path' | 'format' | 'interface'>

/**
 * What QEMU gets as the file of a drive: the image itself, or a layer over it that takes the writes.
 * QEMU's own `snapshot=on` would forget them with its process; a board keeps its disk when it loses
 * power, and many a test is about just that.
 *
 * @throws HilError `machine.no-overlay` (environment)
 */
export async function driveFile(drive: QemuDrive, directory: string): Promise<DriveFile> {
  if (!drive.snapshot) return drive
  const size = await virtualSize(drive)
  const path = join(directory, `drive-${randomUUID()}.qcow2`)
  await writeFile(path, emptyOverlay(drive, size))
  return { ...drive, path, format: 'qcow2' }
}

async function virtualSize({ path, format }: QemuDrive): Promise<number> {
  const stats = await stat(path)
  if (!stats.isFile()) throw noOverlay(path, 'it is no regular file')
  if (format === 'raw') return Math.ceil(stats.size / sectorSize) * sectorSize
  await using file = await open(path)
  const header = Buffer.alloc(32)
  await file.read(header, 0, header.length, 0)
  if (header.readUInt32BE(0) !== magic) throw noOverlay(path, 'it does not begin like a qcow2 image')
  return Number(header.readBigUInt64BE(24))
}

const sectorSize = 512
const clusterBits = 16
const clusterSize = 1 << clusterBits
const magic = 0x514649fb
const backingFormatExtension = 0xe2792aca
const headerLength = 104
const longestName = 1023

/** Clusters of the file: header, refcount table, refcount block, L1 table. */
const clusters = 4

/** An image without data of its own, qcow2 version 3 (QEMU, docs/interop/qcow2). */
function emptyOverlay({ path, format }: QemuDrive, size: number): Uint8Array {
  const name = Buffer.from(path)
  if (name.length > longestName) throw noOverlay(path, 'its path is too long')
  const l1Entries = Math.ceil(size / (clusterSize * (clusterSize / 8)))
  if (l1Entries * 8 > clusterSize) throw noOverlay(path, 'it is larger than 4 TiB')

  const image = Buffer.alloc(clusters * clusterSize)
  const formatName = Buffer.from(format)
  const formatOffset = headerLength
  // Extensions are padded to 8 bytes and end with one of type 0.
  const nameOffset = formatOffset + 8 + 8 + 8
  image.writeUInt32BE(magic, 0)
  image.writeUInt32BE(3, 4)
  image.writeBigUInt64BE(BigInt(nameOffset), 8)
  image.writeUInt32BE(name.length, 16)
  image.writeUInt32BE(clusterBits, 20)
  image.writeBigUInt64BE(BigInt(size), 24)
  image.writeUInt32BE(l1Entries, 36)
  image.writeBigUInt64BE(BigInt(3 * clusterSize), 40)
  image.writeBigUInt64BE(BigInt(clusterSize), 48)
  image.writeUInt32BE(1, 56)
  image.writeUInt32BE(4, 96) // refcounts of 1 << 4 bits
  image.writeUInt32BE(headerLength, 100)
  image.writeUInt32BE(backingFormatExtension, formatOffset)
  image.writeUInt32BE(formatName.length, formatOffset + 4)
  image.set(formatName, formatOffset + 8)
  image.set(name, nameOffset)
  image.writeBigUInt64BE(BigInt(2 * clusterSize), clusterSize)
  for (let cluster = 0; cluster < clusters; cluster++) image.writeUInt16BE(1, 2 * clusterSize + 2 * cluster)
  return image
}

function noOverlay(path: string, why: string): HilError {
  return new HilError(
    'machine.no-overlay',
    `the drive ${path} can't be written to without being changed: ${why}; say "snapshot: false" to let the board change it`,
    { blame: 'environment', details: { path } },
  )
}
