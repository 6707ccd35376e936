import { defineCommand } from '../command.ts'

export const netbootNfs = defineCommand({
  positionals: {
    rootfs: {
      type: 'string',
      demandOption: true,
      description: 'Directory of an unpacked root file system, as the NFS server exports it',
    },
  },
  options: {
    kernel: {
      type: 'string',
      requiresArg: true,
      description: 'The kernel, as a path within the root file system; without it, the newest in boot/',
    },
    devicetree: {
      type: 'string',
      requiresArg: true,
      description: "A device tree, as a path within it; without it, the bootloader's own",
    },
    bootargs: {
      type: 'string',
      requiresArg: true,
      description: 'Further words of the command line; barebox adds root= and ip= itself',
    },
    server: {
      type: 'string',
      requiresArg: true,
      description: 'Address of the NFS server, which is asked as barebox would; 127.0.0.1 if absent',
    },
    'dry-run': { type: 'boolean', description: 'Write nothing' },
  },
  examples: [
    ['hil netboot nfs /srv/nfs/rock3a', 'Check the tree and its export, write loader/entries/hil-nfs.conf'],
    [
      'hil netboot nfs /srv/nfs/rock3a --kernel boot/Image --bootargs console=ttyS2',
      'Say what is to be booted',
    ],
  ],
  async run({ rootfs, kernel, devicetree, bootargs, server, dryRun }) {
    const { netbootNfsCommand } = await import('../../app/netboot/nfs.ts')
    return netbootNfsCommand({ rootfs, kernel, devicetree, bootargs, server, dryRun: dryRun ?? false })
  },
})
