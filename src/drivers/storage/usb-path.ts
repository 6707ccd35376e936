import { z } from 'zod'

/** Where a device is plugged in, as the kernel names it in /sys/bus/usb/devices. */
export const usbPath = z.string().regex(/^\d+-\d+(?:\.\d+)*$/, {
  error: 'write it as in /sys/bus/usb/devices: 1-4.2 is port 2 of the hub at port 4 of bus 1',
})
