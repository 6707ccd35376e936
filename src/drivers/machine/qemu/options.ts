import { z } from 'zod'
import { path } from '../../../board/option-types.ts'

const drive = z.strictObject({
  path: path('The disk image.'),
  format: z.enum(['raw', 'qcow2']).default('raw').describe('Format of the image.'),
  snapshot: z
    .boolean()
    .default(true)
    .describe(
      'Leave the image as it is: what the board writes is kept for the run, over power cycles, and then forgotten.',
    ),
  interface: z
    .enum(['virtio', 'sd', 'mtd', 'pflash', 'scsi', 'ide', 'none'])
    .default('virtio')
    .describe(
      'What the board sees. With "none" the drive has the id hil-drive0, hil-drive1, ... for arguments.',
    ),
})

const network = z.strictObject({
  device: z
    .string()
    .min(1)
    .default('virtio-net-device')
    .describe('The network device of the board, as for -device; "onboard" takes the one the machine has.'),
  restrict: z
    .boolean()
    .default(false)
    .describe('Cut the board off from host and internet; QEMU still answers its DHCP and TFTP.'),
})

/** The machine itself, whatever it boots. */
export const qemuHardware = z.strictObject({
  binary: z
    .string()
    .min(1)
    .default('qemu-system-aarch64')
    .describe('The emulator: a name to look up in PATH, or a path.'),
  machine: z
    .string()
    .min(1)
    .default('virt,highmem=off')
    .describe('The machine and its properties (-machine).'),
  cpu: z.string().min(1).default('cortex-a57').describe('The CPU model (-cpu).'),
  memory: z
    .union([z.string(), z.number().int().positive()])
    .default(1024)
    .describe('RAM in MiB, or with a suffix such as 2G (-m).'),
  drives: z.array(drive).default([]).describe('Disks and memory cards.'),
  network: z
    .union([z.literal(false), network])
    .prefault({})
    .describe("QEMU's user network with a TFTP server at 10.0.2.2, or false for none."),
  uart: z
    .number()
    .int()
    .min(0)
    .max(7)
    .default(0)
    .describe('Which UART of the machine is the console; the others stay unconnected.'),
  arguments: z.array(z.string()).default([]).describe('Further arguments for QEMU, one list item each.'),
})

export const qemuSchema = qemuHardware
  .extend({
    firmware: path('The bootloader image, put where the CPU starts (-bios).').optional(),
    kernel: path('A kernel that QEMU itself loads and starts (-kernel).').optional(),
    initrd: path('The initial RAM disk of "kernel" (-initrd).').optional(),
    append: z.string().optional().describe('The command line of "kernel" (-append).'),
    dtb: path('A device tree instead of the one QEMU makes (-dtb).').optional(),
  })
  .superRefine(({ firmware, kernel, initrd, append, arguments: extra }, context) => {
    if (kernel === undefined) {
      for (const [key, value] of Object.entries({ initrd, append })) {
        if (value !== undefined) {
          context.addIssue({
            code: 'custom',
            path: [key],
            message: `"${key}" needs "kernel": QEMU passes it to the kernel it loads`,
          })
        }
      }
    }
    if (firmware === undefined && kernel === undefined && extra.length === 0) {
      context.addIssue({ code: 'custom', message: 'nothing to boot: name a "firmware" or a "kernel"' })
    }
  })
  .meta({ examples: [{ firmware: 'u-boot.bin' }] })

export type QemuOptions = z.output<typeof qemuSchema>
export type QemuDrive = QemuOptions['drives'][number]
export type QemuHardware = z.output<typeof qemuHardware>
