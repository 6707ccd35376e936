import { z } from 'zod'
import { duration, path } from '../../board/option-types.ts'
import type { Storage } from '../../board/storage.ts'
import type { Deadline } from '../../core/deadline.ts'
import { untilDisk } from './block-device.ts'
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

type DiskOptions = z.output<z.ZodObject<typeof diskOptions>>

/** Writing, which is the same for all of them. */
export function diskStorage(
  { usbPath: place, lun, appearWithin, image, bmap }: DiskOptions,
  sides: Pick<Storage, 'needsPowerOff' | 'switchTo' | 'side'>,
): Storage {
  return {
    ...sides,
    image: image === undefined ? undefined : { path: image, bmap },
    async write(file, t, options = {}) {
      const disk = await untilDiskWithin({ usbPath: place, lun }, appearWithin, t)
      return writeImage(file, disk, t, options)
    },
  }
}

export async function untilDiskWithin(
  place: { readonly usbPath: string; readonly lun: number },
  ms: number,
  t: Deadline,
) {
  using budget = t.within(ms, `the disk at USB ${place.usbPath}`)
  return await untilDisk(place, budget)
}
