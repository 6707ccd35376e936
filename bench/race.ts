import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { race as runRace } from '../tests/support/race.ts'
import type { Bench } from './bench.ts'

const processes = 200
const boards = 8
const graceMs = 1000

/** Whether a board ever has two holders: many processes, few boards, and every tenth lease ended by `kill -9`. */
export const race: Bench = {
  name: 'race',
  async run() {
    const directory = await mkdtemp(join(tmpdir(), 'hil-lab-'))
    process.env['HIL_LAB_DIRECTORY'] = directory
    try {
      const { violations, killed, failed, leases, slowestFreeMs } = await runRace({
        ...{ processes, boards, rounds: 10, killed: 0.1 },
      })
      return [
        {
          what: `two holders of one board, ${processes} processes racing for ${boards}`,
          measured: `${violations.length} times in ${leases} leases (${killed} processes killed, ${failed} failed)`,
          target: 'never',
          met: violations.length === 0 && failed === 0,
        },
        {
          what: 'a board after its last holder is gone',
          measured: `leased in ${Math.round(slowestFreeMs)} ms at most`,
          target: `within ${graceMs} ms`,
          met: slowestFreeMs < graceMs,
        },
      ]
    } finally {
      delete process.env['HIL_LAB_DIRECTORY']
      await rm(directory, { recursive: true, force: true })
    }
  },
}
