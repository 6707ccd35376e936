import type { NetworkOverride, ServedFile } from '../../../board/boot-plan.ts'
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
  t: Deadline,
): Promise<string> {
  const { server, deviceTree } = override
  const image = required(override.image)
  const initrd = initrdOf(override)
  const tree = deviceTree !== undefined && 'file' in deviceTree ? deviceTree.file : undefined

  const at = await chooseAddresses(session, { image, initrd, tree }, options, t)
  await bringUpNetwork(session, server, options, t)
  await fetchFile(session, image, at.kernel, server, t)
  if (initrd !== undefined) await fetchFile(session, initrd, at.ramdisk, server, t)
  if (tree !== undefined) await fetchFile(session, tree, at.fdt, server, t)

  const command =
    options.bootCommand === 'auto' ? await bootCommandFor(session, image, at.kernel, t) : options.bootCommand
  const ramdisk = initrd === undefined ? '-' : `${at.ramdisk}:${initrd.size.toString(16)}`
  const isAlone = command === 'bootm' && initrd === undefined && deviceTree === undefined
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

/** U-Boot has no late override: there is no initrd it could append to. */
function initrdOf({ initrd }: NetworkOverride): ServedFile | undefined {
  if (initrd?.mode === 'append') {
    throw unsupported('append an initrd to the one of a normal boot: replace it, joined on the host')
  }
  return initrd?.mode === 'replace' ? initrd.file : undefined
}

function unsupported(what: string): HilError {
  return new HilError('boot.unsupported', `U-Boot can't ${what}`, { blame: 'payload' })
}
