import { z } from 'zod'
import { defineBootloader } from '../../board/driver.ts'
import { secretReference } from '../../board/option-types.ts'
import { patternOption } from '../../board/pattern-option.ts'
import { promptOptions } from '../framing/prompt-options.ts'

const address = (what: string) =>
  z
    .string()
    .regex(/^0x[0-9a-fA-F]{1,16}$/, { error: 'write an address as 0x40400000' })
    .describe(`Where in memory ${what} is loaded.`)
    .optional()

const fixedNetwork = z.strictObject({
  address: z.string().min(7).describe('The IPv4 address of the board.'),
  netmask: z.string().min(7).default('255.255.255.0').describe('Its netmask.'),
  gateway: z.string().min(7).optional().describe('Its gateway.'),
})

export const ubootSchema = z.strictObject({
  prompt: patternOption('The prompt, where it is not "=> " or a name with "> ".').optional(),
  autoboot: patternOption(
    'What announces the autoboot, where it is not "Hit any key" or "Autoboot in N seconds".',
  ).optional(),
  interrupt: z
    .string()
    .min(1)
    .default('space')
    .describe('The key that stops the autoboot: any, space, enter, ctrl-c or a character.'),
  stopString: z
    .union([z.string().min(1).max(64), secretReference])
    .describe('The text that stops a keyed autoboot (CONFIG_AUTOBOOT_KEYED), or a reference to a secret.')
    .optional(),
  password: z
    .union([z.string().min(1), secretReference])
    .describe('The password, of a U-Boot that asks for one before its prompt, or a reference to a secret.')
    .optional(),
  passwordPrompt: patternOption('What asks for "password", where it is not "enter Password:".').optional(),
  initCommands: z
    .array(z.string().min(1))
    .default([])
    .describe('Commands that are run when its prompt was reached; one that fails fails the way there.'),
  interruptFromPowerOn: z
    .boolean()
    .default(false)
    .describe('Send the key over and over from power-on, for a board with bootdelay=0.'),
  lineLength: z
    .number()
    .int()
    .min(64)
    .default(255)
    .describe('The longest line the prompt takes (CONFIG_SYS_CBSIZE less 1), in characters.'),
  network: z
    .union([z.literal('dhcp'), fixedNetwork])
    .default('dhcp')
    .describe('How the board gets its address before it fetches files.'),
  kernelAddress: address('the kernel').describe('Where the kernel is loaded; default $kernel_addr_r.'),
  ramdiskAddress: address('the initrd').describe('Where the initrd is loaded; default $ramdisk_addr_r.'),
  fdtAddress: address('the device tree').describe('Where the device tree is loaded; default $fdt_addr_r.'),
  bootargs: z
    .string()
    .optional()
    .describe(
      "The kernel's command line that bootargs are added to; default that of a normal boot: of extlinux.conf, a boot script or a loader entry on the board's disks, or $bootargs.",
    ),
  bootargsCommand: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A command of U-Boot that sets $bootargs as a normal boot does, and boots nothing: "run mmcargs".',
    ),
  bootCommand: z
    .enum(['auto', 'booti', 'bootz', 'bootm'])
    .default('auto')
    .describe('What starts a fetched kernel; "auto" looks at the image.'),
  ...promptOptions,
})

export type UbootOptions = z.output<typeof ubootSchema>

export const ubootBootloader = defineBootloader({
  name: 'uboot',
  summary: 'U-Boot at its prompt; with an override it fetches kernel, initrd and device tree itself.',
  schema: ubootSchema,
  async open(options, context) {
    const { openUboot } = await import('./uboot/driver.ts')
    return openUboot(options, context)
  },
})
