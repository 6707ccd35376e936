import { parseOptions, type Command } from './command.ts'

export const boot: Command = async (barebox, argv) => {
  const { operands } = parseOptions(argv, 'vldmM:t:w:o:')
  void operands
  await barebox.print(
    "ext4 ext40: EXT2 rev 1, inode_size 256, descriptor size 64\nBooting entry 'stock rootfs (/mnt/virtioblk0/loader/entries/virt.conf)'\nblspec: booting stock rootfs from virtio0\n\nLoading ARM aarch64 Linux/EFI image '/mnt/virtioblk0//Image'\n",
  )
  const commandLine = [
    barebox.hardware.options.linux.bootargs,
    ...barebox.variables.globalsBeginning('linux.bootargs.').map(({ value }) => value),
  ]
    .filter((v) => v !== '')
    .join(' ')
  await barebox.print(
    `commandline: ${commandLine}\nLoaded kernel to 0x40200000, devicetree at 0x0000000042210000\n`,
  )
  return barebox.startKernel({ commandLine })
}
