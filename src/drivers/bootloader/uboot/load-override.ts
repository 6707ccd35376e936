import type { BootPlan, NetworkOverride, ServedFile } from '../../../board/boot-plan.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import type { PromptSession } from '../../framing/prompt-session.ts'
import type { UbootOptions } from '../uboot.ts'
import { chooseAddresses } from './addresses.ts'
import { fetchFile } from './fetch-file.ts'
import { bringUpNetwork } from './network.ts'
import { bootCommandFor } from './image-kind.ts'

/** Fetches what is to be booted into memory, proves each file, and returns the command that starts it. */
export async function loadOverride(
  session: PromptSession,
  override: NetworkOverride,
  options: UbootOptions,
  observe: BootPlan['observe'],
  t: Deadline,
): Promise<string> {
  const { server } = override
  const image = required(override.image)
  const initrd = initrdOf(override)
  const tree = treeOf(override)

  const at = await chooseAddresses(session, { image, initrd, tree }, options, t)
  await bringUpNetwork(session, server, options, t)
  const fetch = async (file: ServedFile | undefined, address: string) => {
    if (file === undefined) return
    await fetchFile(session, file, address, server, t)
    observe?.({ type: 'checksum', file: file.name, crc32: file.crc32 })
  }
  await fetch(image, at.kernel)
  await fetch(initrd, at.ramdisk)
  await fetch(tree, at.fdt)

  const command =
    options.bootCommand === 'auto' ? await bootCommandFor(session, image, at.kernel, t) : options.bootCommand
  const ramdisk = initrd === undefined ? '-' : `${at.ramdisk}:${initrd.size.toString(16)}`
  const isAlone = command === 'bootm' && override.initrd === undefined && override.deviceTree === undefined
  return isAlone
    ? `bootm ${at.kernel}`
    : `${command} ${at.kernel} ${ramdisk} ${tree === undefined ? '${fdtcontroladdr}' : at.fdt}`
}

function required(image: ServedFile | undefined): ServedFile {
  if (image !== undefined) return image
  throw unsupported(
    'replace an initrd or a device tree of a kernel it loads itself: give it a kernel as well',
  )
}

/** U-Boot has no late override: there is no initrd and no device tree of a normal boot to add to. */
function initrdOf({ initrd }: NetworkOverride): ServedFile | undefined {
  if (initrd === undefined) return undefined
  const [file, ...others] = initrd.files
  if (initrd.keepsOwn && file !== undefined) {
    throw unsupported('append an initrd to the one of a normal boot: give it a whole one')
  }
  if (others.length > 0) throw unsupported('load several initrds: join them on the host')
  return file
}

function treeOf({ deviceTree }: NetworkOverride): ServedFile | undefined {
  if (deviceTree === undefined) return undefined
  if (deviceTree.overlays.length > 0) {
    throw unsupported(
      `apply ${deviceTree.overlays.map(({ name }) => name).join(', ')}: give it a device tree too`,
    )
  }
  return typeof deviceTree.base === 'string' ? undefined : deviceTree.base
}

function unsupported(what: string): HilError {
  return new HilError('boot.unsupported', `U-Boot can't ${what}`, { blame: 'payload' })
}
