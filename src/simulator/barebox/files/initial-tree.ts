import { directory, file, FileTree, type FileNode } from '../../files/file-tree.ts'

/** barebox's file system in RAM as it is after start: devices, the default environment, mount points. */
export function createInitialTree({ disk }: { readonly disk: boolean }): FileTree {
  const tree = new FileTree()
  const content: Readonly<Record<string, FileNode>> = {
    '/dev': directory({
      cs0: device(),
      full: device(),
      fw_cfg: device(),
      input0: device(),
      mem: device(),
      'netconsole-1': device(),
      nor0: device(134_217_728),
      'nor0.barebox-environment': device(2_097_152),
      'nor0.barebox-state': device(2_097_152),
      'nor0.initramfs': device(62_914_560),
      null: device(),
      prng: device(),
      ram0: device(1_073_741_824),
      ...(disk ? { virtioblk0: device(83_886_080) } : {}),
      zero: device(),
    }),
    '/env': directory({
      bin: directory({ devboot: script(), 'mtdparts-add': script() }),
      boot: directory({ bnet: script(), devel: file(''), net: script(), qemu_fw_cfg: script() }),
      config: script(),
      data: directory(),
      init: directory({ automount: script(), 'automount-ratp': script(), ps1: script() }),
      menu: directory(),
      network: directory(),
      nv: directory(),
    }),
    '/mnt': directory({
      '9p': directory(),
      fw_cfg: directory(),
      nfs: directory(),
      ratp: directory(),
      tftp: directory(),
      ...(disk ? { virtioblk0: directory() } : {}),
    }),
    '/pstore': directory(),
    '/tmp': directory(),
  }
  for (const [path, node] of Object.entries(content)) {
    if (node.type === 'directory') node.mode = path === '/env' ? 0o777 : 0
    tree.put(path, node)
  }
  return tree
}

function device(size?: number): FileNode {
  return { type: 'device', size, read: () => '', block: false }
}

/** The text of the default environment's scripts is not simulated, what they do is. */
function script(): FileNode {
  return file('#!/bin/sh\n', 0o777)
}
