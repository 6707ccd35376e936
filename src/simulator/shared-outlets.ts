import { appendFile, readFile } from 'node:fs/promises'
import { HilError } from '../core/errors.ts'

/** One switching, as a power distribution unit that knows of leases notes it. */
export interface Switching {
  readonly outlet: string
  readonly action: 'on' | 'off'
  /** Of the lease under which it was done. */
  readonly fence: number
  readonly pid: number
}

/**
 * Notes a switching in a file that all processes share, and refuses it where somebody with a later lease was there
 * before. A line is appended in one piece, so all processes see one order.
 *
 * @throws HilError `power.fenced` (infrastructure)
 */
export async function noteSwitching(file: string, switching: Switching): Promise<void> {
  const line = JSON.stringify(switching)
  await appendFile(file, `${line}\n`)
  for (const earlier of await readSwitchings(file)) {
    if (JSON.stringify(earlier) === line) return
    if (earlier.outlet !== switching.outlet || earlier.fence <= switching.fence) continue
    throw new HilError(
      'power.fenced',
      `process ${switching.pid} switched ${switching.outlet} ${switching.action} under lease ${switching.fence}, after process ${earlier.pid} had leased it anew (${earlier.fence})`,
      { blame: 'infrastructure', details: { ...switching, earlier } },
    )
  }
}

/** In the order in which they were done. */
export async function readSwitchings(file: string): Promise<readonly Switching[]> {
  const lines = (await readFile(file, 'utf8')).split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Switching)
}
