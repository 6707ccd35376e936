import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { BootPlan, NetworkOverride } from '../board/boot-plan.ts'
import type { FileServer } from '../board/file-server.ts'
import { buildBusyboxInitramfs } from '../build/busybox-initramfs.ts'
import type { Deadline } from '../core/deadline.ts'
import { HilError } from '../core/errors.ts'
import type { BootSettings, InitrdChoice, PayloadFiles } from '../environment/environment.ts'

export interface PayloadContext {
  readonly board: string
  /** Where the board can fetch files from; `undefined` where the environment names no such place. */
  readonly files: FileServer | undefined
  /** A directory of this run's own. */
  readonly temporaryDirectory: string
}

/**
 * What a board is to boot: the environment's payload, built where it has to be and published where
 * the board can fetch it.
 *
 * @throws HilError `payload.no-server` (environment) when there are files to netboot and no server
 */
export async function preparePayload(
  boot: BootSettings,
  context: PayloadContext,
  t: Deadline,
): Promise<BootPlan> {
  const { source, bootargs, payload } = boot
  return {
    ...(source === undefined ? {} : { source }),
    bootargs,
    ...(payload === undefined ? {} : { override: await publish(payload, context, t) }),
  }
}

async function publish(
  payload: PayloadFiles,
  context: PayloadContext,
  t: Deadline,
): Promise<NetworkOverride> {
  const { board, files } = context
  if (files === undefined) {
    throw new HilError(
      'payload.no-server',
      `${board} is to netboot a payload, but nothing serves it: add "network: { tftp: ... }" to the board`,
      { blame: 'environment', details: { board } },
    )
  }
  const { kernel, deviceTree, initrd } = payload
  return {
    server: files.address,
    isWhole: kernel !== undefined && initrd !== undefined,
    needsChecksums: files.fetches === undefined,
    ...(kernel === undefined ? {} : { image: await files.publish('kernel', kernel, t) }),
    ...(deviceTree === undefined
      ? {}
      : { deviceTree: { base: await files.publish('devicetree.dtb', deviceTree, t), overlays: [] } }),
    ...(initrd === undefined
      ? {}
      : {
          initrd: {
            keepsOwn: false,
            files: [await files.publish('initrd', await initrdFile(initrd, context), t)],
          },
        }),
  }
}

async function initrdFile(initrd: InitrdChoice, { temporaryDirectory }: PayloadContext): Promise<string> {
  if ('file' in initrd) return initrd.file
  const path = join(temporaryDirectory, 'initramfs.cpio')
  const archive = await buildBusyboxInitramfs(initrd.busybox)
  await pipeline(archive.open(), createWriteStream(path))
  return path
}
