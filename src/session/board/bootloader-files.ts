import { access, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { BootObservation } from '../../board/boot-plan.ts'
import type { Bootloader } from '../../board/bootloader.ts'
import type { TransferOptions, Transferred } from '../../board/file-transfer.ts'
import { refuseLocal } from '../../board/transfer-errors.ts'
import { now } from '../../core/clock.ts'
import type { Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import type { TakenBoard } from '../../lab/taken-board.ts'

/** Has a bootloader fetch a file as it fetches a payload. @param file a path, or the content */
export async function putAtBootloader(
  bootloader: Bootloader,
  board: Pick<TakenBoard, 'publish' | 'temporaryDirectory'>,
  file: string | Uint8Array,
  to: string,
  t: Deadline,
  { onProgress }: TransferOptions = {},
): Promise<Transferred> {
  const startedAt = now()
  const path = typeof file === 'string' ? file : join(board.temporaryDirectory, 'content')
  if (typeof file !== 'string') await writeFile(path, file)
  await access(path).catch(refuseLocal(path))
  const name = basename(path).replaceAll(/[^\w.+-]/g, '_')
  const published = await board.publish(name, path, t)
  const { size } = published
  onProgress?.({ done: 0, total: size })
  const observe = (observation: BootObservation) => {
    if (observation.type === 'sending') onProgress?.({ done: observation.done, total: observation.total })
  }
  await bootloader.receive({ ...published, observe }, to, t)
  onProgress?.({ done: size, total: size })
  return { size, durationMs: now() - startedAt, by: 'bootloader', resumedFrom: 0 }
}

export function getAtBootloader(path: string): HilError {
  return new HilError(
    'transfer.refused',
    `${path} can't be got from a bootloader: it takes files, and sends none`,
    { blame: 'test', details: { path } },
  )
}
