import { randomBytes } from 'node:crypto'
import { filesOf, type BootObservation, type BootPlan } from '../../board/boot-plan.ts'
import type { FileFetch } from '../../core/file-fetch.ts'
import type { TakenBoard } from '../../lab/taken-board.ts'
import { nonceArgument } from '../../payload/index.ts'
import type { ExpectedPayload } from '../board/prepared-boot.ts'
import type { BootEvidence, FileEvidence, UserspaceEvidence } from './boot-evidence.ts'

/** Words of a command line that keep banner and command line from the console. */
const quietWords = /^(?:quiet|loglevel=[0-6])$/

/** What is seen of a boot besides its console and how its files are sent. */
type Observation = Exclude<BootObservation, { type: 'note' | 'sending' }>

/** One boot while it goes on. */
export class WatchedBoot {
  readonly nonce: string | undefined
  readonly banners: string[] = []
  readonly commandLines: string[] = []
  hasBegun = false
  isPastStart = false
  userspace: UserspaceEvidence | undefined
  isUnderWay = true
  isHandedOver = false
  isReported = false
  readonly #expected: ExpectedPayload | undefined
  readonly #isQuiet: boolean
  readonly #files: readonly FileEvidence['file'][]
  readonly #fetches: TakenBoard['fetches']
  readonly #reads = new Map<string, FileEvidence['read']>()
  /** Fetches that were none of this boot. */
  #earlier: ReadonlySet<FileFetch>
  #isRehearsed = false
  #command: BootEvidence['command']
  #overridden: readonly string[] = []

  constructor(expected: ExpectedPayload | undefined, plan: BootPlan, fetches: TakenBoard['fetches']) {
    this.#expected = expected
    this.#fetches = fetches
    this.#isQuiet = plan.bootargs.some((argument) =>
      argument.split(/\s+/).some((word) => quietWords.test(word)),
    )
    this.#files = plan.override === undefined ? [] : filesOf(plan.override)
    this.#earlier = this.#allFetches()
    if (expected !== undefined) {
      this.nonce = nonceArgument({ nonce: `${expected.nonce}-${randomBytes(4).toString('hex')}` })
    }
  }

  observe(observation: Observation): void {
    switch (observation.type) {
      case 'dry-run':
        this.#isRehearsed = true
        this.#reads.clear()
        break
      case 'checksum':
      case 'digest':
        this.#reads.set(observation.file, observation.type)
        break
      case 'loaded':
        this.#reads.set(observation.file, 'emulator')
        break
      case 'boot-command':
        // Only now: the end of a fetch may be noted later than what the board says after it.
        if (this.#isRehearsed) this.#earlier = this.#allFetches()
        this.#command = { text: observation.command, isLate: observation.isLate }
        break
      case 'overridden':
        this.#overridden = observation.lines
        break
      case 'handed-over':
        this.isHandedOver = true
        break
    }
  }

  #allFetches(): ReadonlySet<FileFetch> {
    return new Set(this.#files.flatMap(({ name }) => this.#fetches(name) ?? []))
  }

  /** Names of files of which the server knows no whole fetch (yet). */
  get unfetched(): readonly string[] {
    return this.evidence().files.flatMap(({ file, fetches }) =>
      fetches === undefined || fetches.some(({ end }) => end === 'complete') ? [] : [file.name],
    )
  }

  evidence(): BootEvidence {
    const { banners, commandLines, userspace, nonce, isHandedOver, isPastStart } = this
    return {
      expected: this.#expected,
      nonce,
      files: this.#files.map((file) => ({
        file,
        fetches: this.#fetches(file.name)?.filter((fetch) => !this.#earlier.has(fetch)),
        read: this.#reads.get(file.name),
      })),
      command: this.#command,
      overridden: this.#overridden,
      isHandedOver,
      kernel: {
        isQuiet: this.#isQuiet,
        hasSpoken: isPastStart || banners.length > 0 || commandLines.length > 0,
        isPastStart,
        banners,
        commandLines,
      },
      userspace,
    }
  }
}
