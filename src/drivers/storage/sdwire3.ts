import { z } from 'zod'
import { defineStorage } from '../../board/driver.ts'
import type { StorageSide } from '../../board/storage.ts'
import type { Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import { toolOptions } from '../tool/options.ts'
import { openTool } from '../tool/tool.ts'
import { diskOfMux, diskResource, diskStorage, muxDiskOptions, needsUsbPath } from './disk-storage.ts'
import type { RemotePlace } from './remote-disk.ts'
import { stuck } from './until-side.ts'
import { disksBelow, eachUsbDevice } from './usb-serial.ts'

export const sdwire3Storage = defineStorage({
  name: 'sdwire3',
  summary: 'A memory card in an SDWire3 of Badgerd, by sdwire.',
  unverified: 'tested with a stand-in for sdwire (sdwire-cli of June 2025), which Debian does not have',
  schema: z
    .strictObject({
      serial: z
        .string()
        .min(1)
        .describe(
          'Serial number of the device, as sdwire list prints it; what follows a colon is not needed.',
        )
        .meta({ examples: ['sdwire_gen2_101'] }),
      ...muxDiskOptions,
      ...toolOptions('sdwire'),
    })
    .superRefine(needsUsbPath)
    .meta({ examples: [{ serial: 'sdwire_gen2_101', 'usb-path': '1-4.2' }] }),
  resources: ({ serial, usbPath, ssh }) => [`sd-mux:${serial}`, ...diskResource({ usbPath, ssh })],
  open({ serial, program, timeout, ...disk }, context) {
    const { ssh } = disk
    const sdwire = openTool({ program, ssh, timeout }, 'sdwire-cli of Badger-Embedded', context)
    const shell = openTool({ program: 'sh', ssh, timeout }, 'every system', context)
    const find = diskOfMux(disk, diskOf(serial), context)
    return Promise.resolve(
      diskStorage(
        disk,
        {
          needsPowerOff: true,
          async switchTo(side, t) {
            const name = nameOf(serial, await sdwire.run(['list'], t))
            await sdwire.run(['switch', '-s', name, side === 'host' ? 'host' : 'dut'], t)
            // It says that all went well also where it could do nothing.
            if (side === 'host') await find(t)
            else if ((await currentSide(t)) !== 'board') throw stuck(side, 'host')
          },
          side: currentSide,
        },
        find,
      ),
    )

    /** The reader is the mux: without the card it has no disk. */
    async function currentSide(t: Deadline): Promise<StorageSide> {
      const said = await shell.run(['-c', eachUsbDevice(serial, `echo mux; ${disksBelow('$u')}`)], t)
      const lines = said.split('\n').filter((line) => line !== '')
      const count = lines.filter((line) => line === 'mux').length
      if (count !== 1)
        throw unclear(
          serial,
          `${count === 0 ? 'none' : count} of that serial number ${count > 1 ? 'are' : 'is'} plugged in`,
          count,
        )
      return lines.length > 1 ? 'host' : 'board'
    }
  },
})

/** All of them may have one serial number; sdwire adds where they are plugged in: `sdwire_gen2_101:1.7`. */
function nameOf(serial: string, list: string): string {
  const names = list.split('\n').map((line) => line.split('\t', 1)[0] ?? '')
  const [name, ...more] = names.filter((one) => one === serial || one.startsWith(`${serial}:`))
  if (name === undefined) throw unclear(serial, 'sdwire lists none of that serial number', 0)
  if (more.length > 0) throw unclear(serial, `sdwire lists ${[name, ...more].join(', ')}`, 1 + more.length)
  return name
}

function unclear(serial: string, why: string, count: number): HilError {
  return new HilError('storage.no-mux', `which SDWire3 is meant by "${serial}" can't be told: ${why}`, {
    blame: count === 0 ? 'infrastructure' : 'environment',
    details: { serial, count },
  })
}

function diskOf(serial: string): RemotePlace {
  return { find: eachUsbDevice(serial, disksBelow('$u')), name: `the disk of the SDWire3 ${serial}` }
}
