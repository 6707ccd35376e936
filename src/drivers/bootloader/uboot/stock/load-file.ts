import type { CommandRunner } from '../../../../board/command-runner.ts'
import type { Deadline } from '../../../../core/deadline.ts'
import { HilError } from '../../../../core/errors.ts'
import { runOk } from '../../run-ok.ts'
import { DiskFiles, isTypeable } from './disk-files.ts'

/** A file on a disk of the board that a normal boot would load. */
export interface StockFile {
  readonly name: string
  readonly size: number
  load(address: string, t: Deadline): Promise<void>
}

/** @throws HilError `boot.stock-file` (board) where it is not there */
export async function stockFile(
  prompt: Pick<CommandRunner, 'run'>,
  { device, from }: { readonly device: string; readonly from: string },
  path: string,
  t: Deadline,
): Promise<StockFile> {
  const size = await new DiskFiles(prompt, device, '0').size(path, t)
  if (size === undefined || !isTypeable(path)) {
    throw new HilError('boot.stock-file', `U-Boot can't load ${path}, which ${from} names`, {
      blame: 'board',
      details: { device, path },
    })
  }
  return {
    name: path,
    size,
    async load(address, t) {
      await runOk(prompt, `load ${device} ${address} ${path}`, t, { code: 'boot.stock-file' })
    },
  }
}
