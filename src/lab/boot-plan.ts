import type { BootPlan, NetworkOverride } from '../board/boot-plan.ts'
import type { FileServer } from '../board/file-server.ts'
import type { Deadline } from '../core/deadline.ts'
import type { BoardSpec, PayloadFiles } from '../environment/environment.ts'

/** Local files that are ready to be fetched by a board; an absent part is the board's own. */
export interface PreparedPayload {
  readonly kernel?: string
  readonly deviceTree?: string
  readonly initrd?: string
}

/**
 * Makes what does not lie ready, e.g. an initramfs from a static busybox.
 * @param target what it is made for, and a directory for what is made
 */
export type PreparePayload = (
  payload: PayloadFiles,
  target: { readonly architecture: string; readonly directory: string },
  t: Deadline,
) => Promise<PreparedPayload>

/** Publishes the payload of a board, if it has one, and says what to boot. */
export async function makeBootPlan(
  { boot, architecture }: Pick<BoardSpec, 'boot' | 'architecture'>,
  place: { readonly directory: string; readonly files: () => FileServer },
  preparePayload: PreparePayload,
  t: Deadline,
): Promise<BootPlan> {
  const { source, bootargs, payload } = boot
  const base = { bootargs, ...(source === undefined ? {} : { source }) }
  if (payload === undefined) return base
  const prepared = await preparePayload(payload, { architecture, directory: place.directory }, t)
  return { ...base, override: await publish(prepared, place.files(), t) }
}

async function publish(
  { kernel, deviceTree, initrd }: PreparedPayload,
  files: FileServer,
  t: Deadline,
): Promise<NetworkOverride> {
  return {
    server: files.address,
    ...(kernel !== undefined && { image: await files.publish('kernel', kernel, t) }),
    ...(initrd !== undefined && {
      initrd: { mode: 'replace' as const, file: await files.publish('initrd', initrd, t) },
    }),
    ...(deviceTree !== undefined && {
      deviceTree: { file: await files.publish('board.dtb', deviceTree, t) },
    }),
  }
}
