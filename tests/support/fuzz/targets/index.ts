import type { FuzzTarget } from '../target.ts'
import { archive, initramfs } from './cpio.ts'
import { deviceTree, overlay } from './fdt.ts'
import { fit } from './fit.ts'
import { tftpPacket } from './tftp.ts'

export const fuzzTargets: readonly FuzzTarget[] = [deviceTree, overlay, fit, archive, initramfs, tftpPacket]
