import { readFile, stat } from 'node:fs/promises'
import { decompress } from '../../build/decompress.ts'
import { inspectPayload } from '../../build/inspect-payload.ts'
import { artifactPaths, readPayloadFile } from '../../build/payload-file.ts'
import { readInitramfs, type Initramfs } from '../../codecs/cpio/index.ts'
import type { Payload } from '../../payload/index.ts'

/** What a user means by the path of a payload, or of an initramfs alone. */
export interface InitramfsAt {
  /** None where the path is that of an initramfs. */
  readonly payload: Payload | undefined
  /** None where the payload brings none. */
  readonly initramfs: Initramfs | undefined
}

/** @param target absolute */
export async function initramfsAt(target: string): Promise<InitramfsAt> {
  if ((await stat(target).catch(() => undefined))?.isFile() === true) {
    return { payload: undefined, initramfs: await readInitramfs(await readFile(target), { decompress }) }
  }
  const payload = await readPayloadFile(target)
  const { initramfs } = await inspectPayload(artifactPaths(target, payload), payload, undefined)
  return { payload, initramfs }
}
