import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeviceRoots } from '../../src/transports/serial/usb-ports.ts'

export interface FakeAdapter {
  /** `1-1.4` */
  readonly path: string
  readonly serial?: string
  /** The terminal of each of its interfaces, by number; `ttyACM0` is where cdc-acm puts it, others where usb-serial does. */
  readonly interfaces: Readonly<Record<number, string>>
}

/** A USB bus as sysfs shows it, in a directory of its own. */
export class FakeUsb {
  readonly roots: DeviceRoots

  constructor(directory: string) {
    this.roots = { sys: join(directory, 'sys'), dev: join(directory, 'dev') }
  }

  async create(): Promise<void> {
    await mkdir(join(this.roots.sys, 'class/tty'), { recursive: true })
    await mkdir(this.roots.dev, { recursive: true })
    await mkdir(join(this.roots.sys, 'bus/usb/devices/usb1'), { recursive: true })
    // A machine has terminals of other kinds, too.
    await this.#terminal('ttyS0', join(this.roots.sys, 'devices/platform/serial8250'))
  }

  /** @param device what the nodes of its ports link to, as if they were it */
  async plugIn({ path, serial, interfaces }: FakeAdapter, device: string): Promise<void> {
    const adapter = this.#adapter(path)
    await write(adapter, { idVendor: '0403', idProduct: '6010', manufacturer: 'FTDI', product: 'Quad' })
    if (serial !== undefined) await write(adapter, { serial })
    for (const [number, terminal] of Object.entries(interfaces)) {
      const usbInterface = join(adapter, `${path}:1.${number}`)
      await write(usbInterface, { bInterfaceNumber: number.padStart(2, '0') })
      const parent = terminal.startsWith('ttyACM') ? usbInterface : join(usbInterface, terminal)
      await this.#terminal(terminal, parent)
      // The node comes last, as the kernel does it.
      await symlink(device, join(this.roots.dev, terminal))
    }
  }

  /** A device without terminals. @param attributes as in sysfs: `idVendor`, `idProduct`, `serial`, `maxchild`, ... */
  async plugInDevice(path: string, attributes: Readonly<Record<string, string>>): Promise<void> {
    await write(this.#adapter(path), attributes)
    await this.#list(path)
  }

  /** The disk of a mux, and the link to it that the udev rules of usbsdmux make. */
  async linkMux(path: string, name: string): Promise<void> {
    const place = join(this.#adapter(path), `${path}:1.0/host4/target4:0:0/4:0:0:0/scsi_generic/sg3`)
    await mkdir(place, { recursive: true })
    await mkdir(join(this.roots.sys, 'class/scsi_generic'), { recursive: true })
    await symlink(place, join(this.roots.sys, 'class/scsi_generic/sg3'))
    await writeFile(join(this.roots.dev, 'sg3'), '')
    await mkdir(join(this.roots.dev, 'usb-sd-mux'))
    await symlink('../sg3', join(this.roots.dev, 'usb-sd-mux', name))
  }

  async pull({ path, interfaces }: FakeAdapter): Promise<void> {
    for (const terminal of Object.values(interfaces)) {
      await rm(join(this.roots.dev, terminal))
      await rm(join(this.roots.sys, 'class/tty', terminal))
    }
    await rm(this.#adapter(path), { recursive: true })
  }

  async #list(path: string): Promise<void> {
    const devices = join(this.roots.sys, 'bus/usb/devices')
    await mkdir(devices, { recursive: true })
    await symlink(this.#adapter(path), join(devices, path))
  }

  #adapter(path: string): string {
    return join(this.roots.sys, 'devices/pci0000:00/0000:00:14.0/usb1/1-1', path)
  }

  async #terminal(name: string, parent: string): Promise<void> {
    const directory = join(parent, 'tty', name)
    await mkdir(directory, { recursive: true })
    await symlink(directory, join(this.roots.sys, 'class/tty', name))
  }
}

/** Attributes of sysfs end with a line feed. */
async function write(directory: string, attributes: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(directory, { recursive: true })
  for (const [name, value] of Object.entries(attributes)) await writeFile(join(directory, name), `${value}\n`)
}
