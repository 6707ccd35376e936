import type { BootPlan, NetworkOverride, ServedFile } from '../../../board/boot-plan.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import type { PromptSession } from '../../framing/prompt-session.ts'
import type { UbootOptions } from '../uboot.ts'
import { chooseAddresses } from './addresses.ts'
import { fetchFile } from './fetch-file.ts'
import { loadInRow, sizeInRow } from './load-in-row.ts'
import { bringUpNetwork } from './network.ts'
import { receiveFile } from './receive-file.ts'
import { bootCommandFor } from './image-kind.ts'
import { stockFile, type StockFile } from './stock/load-file.ts'
import type { StockBoot } from './stock/stock-boot.ts'

/** A file on its way into memory, from the network, the console or a disk. */
type Loadable = StockFile

/**
 * Loads what is to be booted into memory, proves what came from this machine, and returns the command that
 * starts it. What the override leaves alone is taken from the normal boot, as barebox does.
 */
export async function loadOverride(
  session: PromptSession,
  override: NetworkOverride,
  stock: StockBoot,
  options: UbootOptions,
  observe: BootPlan['observe'],
  t: Deadline,
): Promise<string> {
  const { server } = override
  const served = (file: ServedFile): Loadable => ({
    ...file,
    async load(address, t) {
      if (server === 'console') await receiveFile(session, file, address, observe, t)
      else await fetchFile(session, file, address, server, t)
      observe?.({ type: 'checksum', file: file.name, crc32: file.crc32 })
    },
  })
  const fromDisk = async (...paths: readonly (string | undefined)[]): Promise<readonly Loadable[]> => {
    const { entry } = stock
    const files = []
    for (const path of paths) {
      if (entry !== undefined && path !== undefined) files.push(await stockFile(session, entry, path, t))
    }
    return files
  }
  const [image] = override.image ? [served(override.image)] : await fromDisk(stock.entry?.kernel)
  if (image === undefined) throw noKernel(stock)
  const kept = keepsInitrd(override) ? await fromDisk(...(stock.entry?.initrds ?? [])) : []
  const added = override.initrd?.files ?? []
  if (override.initrd?.keepsOwn === true && added.length > 0 && kept.length === 0) throw noInitrd(stock)
  const initrds = [...kept, ...added.map(served)]
  const tree = treeOf(override)
  const [deviceTree] =
    tree === 'own' ? await fromDisk(stock.entry?.deviceTree) : tree === 'bootloader' ? [] : [served(tree)]

  const initrdSize = sizeInRow(initrds)
  const initrd = initrds.length === 0 ? undefined : { size: initrdSize }
  const at = await chooseAddresses(session, { image, initrd, tree: deviceTree }, options, t)
  if (server !== 'console') await bringUpNetwork(session, server, options, t)
  await image.load(at.kernel, t)
  await loadInRow(session, initrds, at.ramdisk, t)
  await deviceTree?.load(at.fdt, t)

  const command =
    options.bootCommand === 'auto' ? await bootCommandFor(session, image, at.kernel, t) : options.bootCommand
  const ramdisk = initrd === undefined ? '-' : `${at.ramdisk}:${initrdSize.toString(16)}`
  const isAlone = command === 'bootm' && initrd === undefined && deviceTree === undefined && tree === 'own'
  return isAlone && override.initrd === undefined
    ? `bootm ${at.kernel}`
    : `${command} ${at.kernel} ${ramdisk} ${deviceTree === undefined ? '${fdtcontroladdr}' : at.fdt}`
}

function keepsInitrd({ initrd }: NetworkOverride): boolean {
  return initrd === undefined || initrd.keepsOwn
}

function treeOf({ deviceTree }: NetworkOverride): 'own' | 'bootloader' | ServedFile {
  if (deviceTree === undefined) return 'own'
  if (deviceTree.overlays.length > 0) {
    throw unsupported(
      `apply ${deviceTree.overlays.map(({ name }) => name).join(', ')}: give it a device tree too`,
    )
  }
  return deviceTree.base
}

function noKernel({ why }: StockBoot): HilError {
  return unsupported(
    `replace an initrd or a device tree of a kernel that hil does not know${because(why)}: give it a kernel as well`,
  )
}

function noInitrd({ why }: StockBoot): HilError {
  return unsupported(
    `append to an initrd of a normal boot that hil does not know${because(why)}: give it a whole one (--initrd, --busybox)`,
  )
}

function because(why: string): string {
  return why === '' ? ', for the entry of the normal boot names none' : ` (${why})`
}

function unsupported(what: string): HilError {
  return new HilError('boot.unsupported', `U-Boot can't ${what}`, { blame: 'payload' })
}
