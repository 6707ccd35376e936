import { listNodes, toTexts, type Fdt, type FdtNode } from '../../codecs/fdt/index.ts'
import type { ModuleSet } from './module-set.ts'

/**
 * Parts of the kernel that stand between the CPU and root, storage or network: buses, clocks, power,
 * and the devices themselves. What else a device tree describes (graphics, sound, sensors) can wait
 * for the root file system to load it.
 */
const directories = [
  ...['ata', 'base', 'block', 'bus', 'clk', 'dma', 'firmware', 'gpio', 'hwspinlock', 'i2c', 'interconnect'],
  ...['iommu', 'irqchip', 'mailbox', 'md', 'memory', 'mfd', 'mmc', 'mtd', 'mux', 'net', 'nvme', 'nvmem'],
  ...['pci', 'phy', 'pinctrl', 'pmdomain', 'power', 'pwm', 'regulator', 'remoteproc', 'reset', 'rpmsg'],
  ...['scsi', 'soc', 'spi', 'spmi', 'tee', 'ufs', 'usb', 'virtio', 'watchdog'],
].map((name) => `kernel/drivers/${name}/`)

/** Wireless needs firmware and a supplicant, gadgets need a configuration. */
const unwanted = ['kernel/drivers/net/wireless/', 'kernel/drivers/usb/gadget/', 'kernel/drivers/net/can/']

/**
 * What no device tree says: drivers for what is found on buses (disks, cards, PHYs), and the file
 * systems that root may have. Those that a kernel does not have are passed over.
 */
export const commonModules: readonly string[] = [
  ...['virtio_mmio', 'virtio_pci', 'virtio_blk', 'virtio_scsi', 'virtio_net'],
  ...['mmc_block', 'sd_mod', 'nvme', 'usb_storage', 'uas', 'ahci'],
  ...['ext4', 'squashfs', 'erofs', 'f2fs', 'btrfs', 'overlay', 'dm_verity'],
]

/**
 * The modules that root, storage and network of a board need: drivers for the device tree's enabled
 * devices, and what is found on buses.
 *
 * @param tree the board's device tree; without one only what any board may need
 * @returns names, for `ModuleSet.closure`
 */
export function boardModules(set: ModuleSet, tree: Fdt | undefined): string[] {
  const common = commonModules.filter((name) => set.get(name) !== undefined)
  if (tree === undefined) return common
  const drivers = [...deviceAliases(tree)].flatMap((alias) => set.forAlias(alias))
  const early = drivers.filter((name) => {
    const path = set.get(name)?.path ?? ''
    return (
      directories.some((each) => path.startsWith(each)) && !unwanted.some((each) => path.startsWith(each))
    )
  })
  return [...new Set([...early, ...common])]
}

/** What the kernel looks for a driver by: `of:N<name>T<type>C<compatible>C<compatible>...`. */
function* deviceAliases(tree: Fdt): Generator<string> {
  for (const [path, node] of listNodes(tree)) {
    const compatible = node.properties.get('compatible')
    if (path === '/' || compatible === undefined || !isEnabled(node)) continue
    const name = node.name.split('@')[0] ?? ''
    yield `of:N${name}T(null)${textsOf(compatible)
      .map((text) => `C${text.replaceAll(' ', '_')}`)
      .join('')}`
  }
}

function isEnabled({ properties }: FdtNode): boolean {
  const status = properties.get('status')
  return status === undefined || ['okay', 'ok'].includes(textsOf(status)[0] ?? '')
}

/** A malformed property is no reason to load nothing. */
function textsOf(value: Uint8Array): string[] {
  try {
    return toTexts(value, 'compatible')
  } catch {
    return []
  }
}
