import { readdir, readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { isDeadlineExceeded, type Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'

/** Nobody tells when a card reader has found a card in it. */
const lookAgainMs = 200

export interface BlockDevice {
  /** `/dev/sda` */
  readonly device: string
  /** In bytes. */
  readonly size: number
}

export interface DiskPlace {
  /** `1-4.2` */
  readonly usbPath: string
  /** Which of several disks of one USB device: card readers have one for each slot. */
  readonly lun: number
}

/** Where the kernel tells of devices; another place in tests. */
export interface SystemRoot {
  readonly sys: string
  readonly dev: string
  readonly proc: string
}

export const systemRoot: SystemRoot = { sys: '/sys', dev: '/dev', proc: '/proc' }

/**
 * Waits for the disk at a place, with a medium in it. Only what is plugged in there is ever looked at: the names of
 * disks change from one start of the machine to the next, and another disk is somebody's data.
 *
 * @throws HilError `storage.no-device`, `storage.no-medium` (infrastructure), `storage.in-use`, `storage.read-only`
 *   (environment)
 */
export async function untilDisk(place: DiskPlace, t: Deadline, root = systemRoot): Promise<BlockDevice> {
  for (;;) {
    const name = await nameAt(place, root)
    const size = name === undefined ? 0 : await sizeOf(name, root)
    if (name !== undefined && size > 0) {
      await assertFree(name, place, root)
      return { device: join(root.dev, name), size }
    }
    try {
      await wait(lookAgainMs, undefined, { signal: t.signal })
    } catch {
      if (!isDeadlineExceeded(t.signal.reason)) t.throwIfOver()
      throw name === undefined ? await absent(place, root) : empty(name, place)
    }
  }
}

/** The disk at a place, if there is one now and it has a medium. */
export async function diskAt(place: DiskPlace, root = systemRoot): Promise<string | undefined> {
  const name = await nameAt(place, root)
  return name !== undefined && (await sizeOf(name, root)) > 0 ? name : undefined
}

async function nameAt({ usbPath, lun }: DiskPlace, root: SystemRoot): Promise<string | undefined> {
  const disks = await usbDisks(root)
  return disks.find((disk) => disk.usbPath === usbPath && disk.lun === lun)?.name
}

interface UsbDisk extends DiskPlace {
  readonly name: string
}

/** `.../usb1/1-4/1-4.2/1-4.2:1.0/host4/target4:0:0/4:0:0:1/block/sdb`: the last number of the address is the LUN. */
async function usbDisks({ sys }: SystemRoot): Promise<readonly UsbDisk[]> {
  const names = await readdir(join(sys, 'block')).catch(() => [])
  const found = await Promise.all(
    names.map(async (name) => {
      const path = await realpath(join(sys, 'block', name)).catch(() => '')
      const [, usbPath] = /\/(\d+-\d+(?:\.\d+)*):\d+\.\d+\/host\d+\//.exec(path) ?? []
      const lun = Number(/\/\d+:\d+:\d+:(\d+)\/block\//.exec(path)?.[1] ?? 0)
      return usbPath === undefined ? [] : [{ name, usbPath, lun }]
    }),
  )
  return found.flat()
}

/** The kernel counts in sectors of 512 bytes, whatever those of the disk are. */
async function sizeOf(name: string, { sys }: SystemRoot): Promise<number> {
  return 512 * Number(await readFile(join(sys, 'block', name, 'size'), 'utf8').catch(() => '0'))
}

async function assertFree(name: string, { usbPath }: DiskPlace, root: SystemRoot): Promise<void> {
  const where = `${join(root.dev, name)} at USB ${usbPath}`
  const readOnly = await readFile(join(root.sys, 'block', name, 'ro'), 'utf8').catch(() => '0')
  if (readOnly.trim() === '1') {
    throw new HilError('storage.read-only', `${where} can't be written: look at the lock of the card`, {
      blame: 'environment',
      details: { name, usbPath },
    })
  }
  const use = await useOf(name, root)
  if (use === undefined) return
  throw new HilError('storage.in-use', `${where} is in use on this machine: ${use}`, {
    blame: 'environment',
    details: { name, usbPath, use },
  })
}

/** Mounted, or part of something such as a RAID. */
async function useOf(name: string, { sys, proc, dev }: SystemRoot): Promise<string | undefined> {
  const parts = (await readdir(join(sys, 'block', name))).filter((entry) => entry.startsWith(name))
  const mounts = await readFile(join(proc, 'self/mounts'), 'utf8')
  for (const part of [name, ...parts]) {
    const mount = mounts.split('\n').find((line) => line.startsWith(`${join(dev, part)} `))
    if (mount !== undefined) return `${part} is mounted at ${mount.split(' ')[1] ?? ''}`
    const path = part === name ? join(sys, 'block', name) : join(sys, 'block', name, part)
    const [holder] = await readdir(join(path, 'holders')).catch(() => [])
    if (holder !== undefined) return `${part} is held by ${holder}`
  }
  return undefined
}

async function absent({ usbPath, lun }: DiskPlace, root: SystemRoot): Promise<HilError> {
  const others = (await usbDisks(root)).map((disk) => `${disk.usbPath} (${disk.name}, LUN ${disk.lun})`)
  const seen = others.length === 0 ? 'no USB disk is' : `there are only ${others.join(', ')}`
  return new HilError(
    'storage.no-device',
    `no disk appeared at USB ${usbPath}, LUN ${lun}: ${seen} plugged in`,
    {
      blame: 'infrastructure',
      details: { usbPath, lun, others },
    },
  )
}

function empty(name: string, { usbPath }: DiskPlace): HilError {
  return new HilError('storage.no-medium', `${name} at USB ${usbPath} has no medium in it`, {
    blame: 'infrastructure',
    details: { name, usbPath },
  })
}
