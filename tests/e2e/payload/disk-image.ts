import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { debianArm64 } from '../../../scripts/setup/places.mjs'
import { runTool } from '../../unit/codecs/oracle.ts'

const sector = 512
const firstSector = 2048

const applets = [
  ...['sh', 'cat', 'grep', 'hexdump', 'ls', 'mkdir', 'modprobe', 'mount', 'od', 'poweroff', 'reboot'],
  ...['rmmod', 'setsid', 'sha256sum', 'stty', 'uname'],
]

/**
 * An ext4 root file system of busybox and one script as init, as bytes.
 * @param more further files, by their paths in it
 */
export function rootFileSystem(
  directory: string,
  init: string,
  more: Readonly<Record<string, string | Uint8Array>> = {},
  size = '16M',
): Buffer {
  const root = join(directory, 'root')
  for (const name of ['bin', 'sbin', 'dev', 'proc', 'sys', 'etc', 'usr/lib/modules/0.0-own']) {
    mkdirSync(join(root, name), { recursive: true })
  }
  // As distributions have it since /usr was merged, but absolute: within an initramfs it leads elsewhere.
  symlinkSync('/usr/lib', join(root, 'lib'))
  writeFileSync(join(root, 'bin/busybox'), readFileSync(debianArm64().busybox), { mode: 0o755 })
  for (const applet of applets) {
    symlinkSync('busybox', join(root, 'bin', applet))
  }
  writeFileSync(join(root, 'etc/os-release'), 'NAME="untouched"\n')
  writeFileSync(join(root, 'sbin/init'), init, { mode: 0o755 })
  for (const [path, content] of Object.entries(more)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  const image = join(directory, 'root.ext4')
  runTool('mke2fs', ['-q', '-t', 'ext4', '-L', 'hil-root', '-d', root, image, size])
  return readFileSync(image)
}

/** A disk with an MBR and one partition; its PARTUUID is `<signature in hex>-01`. */
export function mbrDisk(partition: Buffer, signature: number): Buffer {
  const disk = Buffer.alloc(firstSector * sector + partition.length)
  disk.writeUInt32LE(signature, 440)
  disk.writeUInt8(0x83, 446 + 4)
  disk.writeUInt32LE(firstSector, 446 + 8)
  disk.writeUInt32LE(partition.length / sector, 446 + 12)
  disk.writeUInt16BE(0x55aa, 510)
  partition.copy(disk, firstSector * sector)
  return disk
}

/** A disk with a GPT (UEFI specification, chapter 5) and one partition. @param guid as stored, 16 bytes */
export function gptDisk(partition: Buffer, guid: Buffer, name: string): Buffer {
  const sectors = firstSector + partition.length / sector + 34
  const disk = Buffer.alloc(sectors * sector)
  disk.writeUInt8(0xee, 446 + 4)
  disk.writeUInt32LE(1, 446 + 8)
  disk.writeUInt32LE(sectors - 1, 446 + 12)
  disk.writeUInt16BE(0x55aa, 510)
  const entries = disk.subarray(2 * sector, 34 * sector)
  Buffer.from('af3dc60f838472478e793d69d8477de4', 'hex').copy(entries)
  guid.copy(entries, 16)
  entries.writeBigUInt64LE(BigInt(firstSector), 32)
  entries.writeBigUInt64LE(BigInt(firstSector + partition.length / sector - 1), 40)
  entries.write(name, 56, 'utf16le')
  const header = disk.subarray(sector, sector + 92)
  header.write('EFI PART', 0, 'latin1')
  header.writeUInt32LE(0x00010000, 8)
  header.writeUInt32LE(header.length, 12)
  header.writeBigUInt64LE(1n, 24)
  header.writeBigUInt64LE(BigInt(sectors - 1), 32)
  header.writeBigUInt64LE(34n, 40)
  header.writeBigUInt64LE(BigInt(sectors - 34), 48)
  header.writeBigUInt64LE(2n, 72)
  header.writeUInt32LE(128, 80)
  header.writeUInt32LE(128, 84)
  header.writeUInt32LE(crc32(entries), 88)
  header.writeUInt32LE(crc32(header), 16)
  partition.copy(disk, firstSector * sector)
  return disk
}
