import { fromBytes } from '../binary.ts'
import { stockImage } from '../barebox/files/disk.ts'
import type { Handover, Hardware } from '../hardware.ts'

/** The simulated Linux is its own kernel and userspace: that something else ran would be a lie. */
export function refuseForeignParts(hardware: Hardware, { kernel, initrd, deviceTree }: Handover): void {
  const parts = [
    ...(kernel === undefined || fromBytes(kernel) === stockImage(hardware.options.linux.release)
      ? []
      : ['kernel']),
    ...(initrd === undefined ? [] : ['initrd']),
    ...(deviceTree === undefined ? [] : ['device tree']),
  ]
  if (parts.length === 0) return
  hardware.unsupported(
    `running a ${parts.join(' with ')} that was loaded (the machine "simulator-qemu" does)`,
  )
}
