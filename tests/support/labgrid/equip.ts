import assert from 'node:assert/strict'
import { catalogue } from '../../../src/app/catalogue.ts'
import type { Deadline } from '../../../src/core/deadline.ts'
import type { BoardSpec } from '../../../src/environment/environment.ts'
import { loadEnvironment } from '../../../src/environment/load-environment.ts'
import { leasesOfLab } from '../../../src/lab/coordinator/lease-places.ts'
import type { TestContext } from '../driver-context.ts'
import { writeFiles } from '../environment-files.ts'
import type { TestSshd } from '../ssh/sshd.ts'
import type { TestCoordinator } from './coordinator.ts'

export interface PlaceBench {
  readonly server: TestCoordinator
  /** On the machines of the exporters. */
  readonly sshd: TestSshd
  /** @default the server's own */
  readonly hostKey?: string
}

/** A board at a place, with what the place brings. It is given back at the end of the test. @param lines of the board */
export async function equipAt(
  place: string,
  lines: readonly string[],
  { server, sshd, hostKey = sshd.hostKey }: PlaceBench,
  context: TestContext,
  t: Deadline,
): Promise<BoardSpec> {
  const ssh = `{ port: ${sshd.port}, user: ${sshd.user}, key: ${sshd.key}, host-key: '${hostKey}' }`
  await using files = await writeFiles({
    'env.yaml': `boards:
  board:
    architecture: arm64
    place: ${place}
    coordinator: { address: '${server.address}', ssh: ${ssh} }
${lines.map((line) => `    ${line}\n`).join('')}`,
  })
  const { boards } = await loadEnvironment(files.path('env.yaml'), { catalogue })
  const lease = leasesOfLab({ priority: 0, waitMs: 0 }, catalogue)
  const [leased] = await lease(boards, { what: 'the test', emit: () => undefined }, t)
  context.undo.defer('giving the place back', () => leased?.release())
  const [board] = boards
  return (await leased?.equip?.(board ?? assert.fail())) ?? assert.fail()
}
