import { z } from 'zod'
import { usbDevicePath } from '../../board/usb-selector.ts'

/** Where a device is plugged in, as the kernel names it in /sys/bus/usb/devices. */
export const usbPath = z.string().regex(usbDevicePath, {
  error: 'write it as in /sys/bus/usb/devices: 1-4.2 is port 2 of the hub at port 4 of bus 1',
})
