import assert from 'node:assert/strict'
import { catalogue } from '../../../src/app/catalogue.ts'
import { preparer } from '../../../src/app/payload/prepare.ts'
import type { BootObservation } from '../../../src/board/boot-plan.ts'
import type { FileServer } from '../../../src/board/file-server.ts'
import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import type { HilError } from '../../../src/core/errors.ts'
import type { BootProof, RunEventBody } from '../../../src/core/events.ts'
import { Redactor } from '../../../src/core/redaction.ts'
import { loadEnvironment } from '../../../src/environment/load-environment.ts'
import type { BoardService } from '../../../src/session/board/board-service.ts'
import { HeldBoards } from '../../../src/session/board/held-boards.ts'
import type { ExpectedPayload, PreparedBoot } from '../../../src/session/board/prepared-boot.ts'
import { loadStrategy } from '../../../src/strategy/load-strategy.ts'
import { writeFiles } from '../../support/environment-files.ts'

export interface BootOptions {
  /** What is done to a payload behind hil's back. */
  readonly cheat?: {
    /** With what is expected. */
    readonly expect?: (payload: ExpectedPayload) => ExpectedPayload
    /** Another server than the board's own. */
    readonly files?: FileServer
    /** At every step of a boot that the bootloader's driver tells of. */
    readonly observed?: (observation: BootObservation, files: FileServer) => void
    /** With the server, after everything is published. */
    readonly published?: (files: FileServer) => void
  }
  readonly state?: string
  /** What is done at the state. */
  readonly at?: (service: BoardService, t: Deadline) => Promise<void>
}

export interface BootResult {
  readonly error: HilError | undefined
  readonly proofs: readonly BootProof[]
  readonly events: readonly RunEventBody[]
  readonly console: string
}

/** A whole kernel in blocks of 1432 bytes, each acknowledged, takes its time on a machine that is busy. */
const patient = '    timeouts: { states: { linux: 3 min, shell: 3 min } }\n'

/** For mocha: what is wrong is told by the deadlines of the boot, before. */
export const bootTimeoutMs = 240_000

/** Boots the one board of an environment. @param yaml the keys of the board, indented by four */
export async function bootBoard(yaml: string, options: BootOptions = {}): Promise<BootResult> {
  const { cheat, state = 'shell', at } = options
  await using files = await writeFiles({
    'env.yaml': `boards:\n  one:\n    architecture: arm64\n    compatible: linux,dummy-virt\n${yaml}${yaml.includes('timeouts:') ? '' : patient}`,
  })
  const { boards } = await loadEnvironment(files.path('env.yaml'), { catalogue, cwd: files.directory })
  const spec = boards[0] ?? assert.fail()
  const events: RunEventBody[] = []
  const emit = (event: RunEventBody) => void events.push(event)
  const prepareBoot = async (): Promise<PreparedBoot> => {
    const prepared = await preparer({ force: false })(spec, root)
    return {
      ...prepared,
      payload: prepared.payload && (cheat?.expect?.(prepared.payload) ?? prepared.payload),
      publish: async (boot, { files, ...rest }, t) => {
        const context = { ...rest, files: cheat?.files ?? files }
        const plan = await prepared.publish(boot, context, t)
        if (context.files === undefined || cheat === undefined) return plan
        cheat.published?.(context.files)
        const { files: served } = context
        return { ...plan, observe: (observation) => cheat.observed?.(observation, served) }
      },
    }
  }
  using root = startDeadline(bootTimeoutMs - 20_000, 'test')
  const plan = { spec, strategy: await loadStrategy(spec.strategy) }
  const held = await HeldBoards.take(
    [plan],
    { emit, redactor: new Redactor(), prepareBoot, what: 'a test' },
    root,
  )
  let error: unknown
  try {
    const service = held.services.get('one') ?? assert.fail()
    await service.goto(root, state)
    await at?.(service, root)
  } catch (thrown) {
    error = thrown
  }
  const [late] = await held.release(false)
  return {
    error: (error ?? late) as HilError | undefined,
    proofs: events.filter((event) => event.type === 'boot-proof'),
    events,
    console: events
      .flatMap((event) => (event.type === 'console-rx' ? [event.text ?? ''] : []))
      .join('')
      .replaceAll('\r', ''),
  }
}
