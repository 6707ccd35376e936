import type { BootPlan } from '../board/boot-plan.ts'
import type { FileServer } from '../board/file-server.ts'
import type { Deadline } from '../core/deadline.ts'
import { HilError } from '../core/errors.ts'
import type { BoardSpec } from '../environment/environment.ts'

/**
 * What the first bootloader has to start: the image of the second, from the network. It gets the device
 * tree that the first one has.
 *
 * @param files where the board can fetch it from; the image is published there
 * @throws HilError `boot.no-chainload`, `boot.no-server` (environment)
 */
export async function chainloadPlan(
  { name, boot: { chainload } }: BoardSpec,
  files: FileServer | undefined,
  t: Deadline,
): Promise<BootPlan> {
  if (chainload === undefined) {
    throw wrong('boot.no-chainload', name, 'is to chain-load a bootloader: name its image as boot.chainload')
  }
  if (files === undefined) {
    const remedy = 'add "network: { tftp: ... }" to the board'
    throw wrong('boot.no-server', name, `is to fetch "${chainload}", but nothing serves it: ${remedy}`)
  }
  const image = await files.publish('bootloader', chainload, t)
  return {
    bootargs: [],
    override: { server: files.address, image, isWhole: true, needsChecksums: true },
  }
}

function wrong(code: string, board: string, what: string): HilError {
  return new HilError(code, `${board} ${what}`, { blame: 'environment', details: { board } })
}
