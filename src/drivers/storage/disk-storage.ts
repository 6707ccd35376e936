import { z } from 'zod'
import { duration, path } from '../../board/option-types.ts'
import type { Storage } from '../../board/storage.ts'
import type { Deadline } from '../../core/deadline.ts'
import { toolHost, type ToolOptions } from '../tool/options.ts'
import type { ToolContext } from '../tool/tool.ts'
import { untilDisk, type DiskPlace } from './block-device.ts'
import type { Disk } from './disk.ts'
import { localDisk } from './local-disk.ts'
import { atUsbPath, untilRemoteDisk, type RemotePlace } from './remote-disk.ts'
import { usbPath } from './usb-path.ts'
import { writeImage } from './write-image.ts'

/** Options of every medium that this machine sees as a USB disk. */
export const diskOptions = {
  usbPath: usbPath
    .describe(
      'Where the disk is plugged in, as in /sys/bus/usb/devices: 1-4.2. No other disk is ever written to.',
    )
    .meta({ examples: ['1-4.2'] }),
  lun: z.int().min(0).max(15).default(0).describe('Which disk of that device, where it has several.'),
  appearWithin: duration('How long the disk may take to appear.').prefault('20s'),
  image: path('The image to write to it: raw, or packed as .gz, .xz, .zst or .bz2.').optional(),
  bmap: path('The block map of that image, so that only what it holds is written.').optional(),
}

/** The same for a mux, whose own disk is found where it is the other machine's. */
export const muxDiskOptions = {
  ...diskOptions,
  usbPath: diskOptions.usbPath
    .optional()
    .describe(
      'Where its disk is plugged in, as in /sys/bus/usb/devices: 1-4.2. No other disk is ever written to. With "ssh" it may be left out: the disk is the one of the mux.',
    )
    .meta({ examples: ['1-4.2'] }),
}

type MuxOptions = z.output<z.ZodObject<typeof muxDiskOptions>> & Pick<ToolOptions, 'ssh'>

/** @param context a refinement's */
export function needsUsbPath({ usbPath: given, ssh }: MuxOptions, context: z.RefinementCtx): void {
  if (given !== undefined || ssh !== undefined) return
  context.addIssue({ code: 'custom', path: ['usbPath'], message: 'say where the mux is plugged in: 1-4.2' })
}

/** The disk in the name of a resource, on the machine that has it. */
export function diskResource({
  usbPath: given,
  ssh,
}: Pick<MuxOptions, 'usbPath' | 'ssh'>): readonly string[] {
  return given === undefined ? [] : [`disk:${toolHost({ ssh })}${given}`]
}

/** Waits for the disk. */
export type FindDisk = (t: Deadline) => Promise<Disk>

/** The disk of a mux, on the machine that has it. @param own how that machine finds it where nobody says where it is */
export function diskOfMux(options: MuxOptions, own: RemotePlace, context: ToolContext): FindDisk {
  const { usbPath: given, lun, appearWithin, ssh } = options
  if (ssh === undefined) return diskHere({ usbPath: given ?? '', lun, appearWithin })
  const place = given === undefined ? own : atUsbPath(given, lun)
  return async (t) => {
    using budget = t.within(appearWithin, place.name)
    return await untilRemoteDisk(place, { ssh }, context, budget)
  }
}

/** A disk of this machine. */
export function diskHere({
  usbPath: place,
  lun,
  appearWithin,
}: DiskPlace & { readonly appearWithin: number }): FindDisk {
  return async (t) => {
    using budget = t.within(appearWithin, `the disk at USB ${place}`)
    return localDisk(await untilDisk({ usbPath: place, lun }, budget))
  }
}

/** Writing, which is the same for all of them. */
export function diskStorage(
  { image, bmap }: { readonly image?: string | undefined; readonly bmap?: string | undefined },
  sides: Pick<Storage, 'needsPowerOff' | 'switchTo' | 'side'>,
  find: FindDisk,
): Storage {
  return {
    ...sides,
    image: image === undefined ? undefined : { path: image, bmap },
    async write(file, t, options = {}) {
      return writeImage(file, await find(t), t, options)
    },
  }
}
