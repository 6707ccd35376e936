import { filesOf, type BootObservation, type BootPlan } from '../../board/boot-plan.ts'
import type { Shell } from '../../board/shell.ts'
import { startDeadline, type Deadline } from '../../core/deadline.ts'
import { blameOf, HilError } from '../../core/errors.ts'
import type { EmitEvent } from '../../core/events.ts'
import type { TakenBoard } from '../../lab/taken-board.ts'
import { TransferTeller } from '../../lab/tell-transfer.ts'
import type { ExpectedPayload } from '../board/prepared-boot.ts'
import { neverStarted, silent, withCause } from './failed-boot.ts'
import { judgeBoot, sentenceOf, stageOf } from './judge-boot.ts'
import { readUserspace } from './read-userspace.ts'
import { WatchedBoot } from './watched-boot.ts'

/** Time to ask the running system which kernel it is, in milliseconds. */
const readMs = 15_000

/** Time for the server to hear of the end of a fetch, in milliseconds. */
const noteMs = 2000

/** As long as a kernel's command line can be (COMMAND_LINE_SIZE of arm64 is 2048). */
const commandLine = /Kernel command line: ([^\r\n]{0,4000})/
const banner = /Linux version [^\r\n]{1,600}/
const anyLine = /\[ {0,8}\d{1,8}\.\d{6}\]/
/** Its clock stands at 0 until its banner and its command line are out. */
const laterLine = /\[ {0,8}\d{1,8}\.(?!000000)\d{6}\]/

type Sending = Extract<BootObservation, { type: 'sending' }>

/** Sees the boots of one board, and says of each what it proves. */
export class BootWitness {
  readonly #board: TakenBoard
  readonly #emit: EmitEvent
  #expected: ExpectedPayload | undefined
  #boot: WatchedBoot | undefined
  #verified: Shell | undefined

  constructor(board: TakenBoard, expected: ExpectedPayload | undefined, emit: EmitEvent) {
    this.#board = board
    this.#expected = expected
    this.#emit = emit
    const watch = (pattern: RegExp, note: (boot: WatchedBoot, text: string) => void) => {
      board.console.watch(pattern, ({ text, groups }) => {
        if (this.#boot?.isUnderWay === true) note(this.#boot, groups[0] ?? text)
      })
    }
    watch(anyLine, (boot, text) => {
      boot.hasBegun = true
      boot.isPastStart ||= laterLine.test(text)
    })
    watch(banner, (boot, text) => boot.banners.push(text.trim()))
    watch(commandLine, (boot, text) => boot.commandLines.push(text.trim()))
  }

  /** Another payload is to be booted from now on. */
  expect(expected: ExpectedPayload | undefined): void {
    this.#finish()
    this.#expected = expected
    this.#boot = undefined
    this.#verified = undefined
  }

  /** What is to be booted next: with a nonce that no other boot has, and an eye on what is done. */
  async plan(t: Deadline): Promise<BootPlan> {
    const plan = await this.#board.plan(t)
    this.#finish()
    const boot = new WatchedBoot(this.#expected, plan, this.#board.fetches)
    this.#boot = boot
    const tellSending = this.#sendingTeller()
    const observe = (observation: BootObservation) => {
      if (observation.type === 'note') this.#emit({ ...observation, board: this.#board.name })
      else if (observation.type === 'sending') tellSending(observation)
      else boot.observe(observation)
      plan.observe?.(observation)
    }
    return {
      ...plan,
      bootargs: boot.nonce === undefined ? plan.bootargs : [...plan.bootargs, boot.nonce],
      observe,
    }
  }

  /** Of what goes over the console before a boot. */
  #sendingTeller(): (sending: Sending) => void {
    const tellers = new Map<string, TransferTeller>()
    return ({ file, isOver, ...progress }) => {
      const told = { board: this.#board.name, direction: 'put', path: file } as const
      const teller = tellers.get(file) ?? new TransferTeller(told, this.#emit)
      tellers.set(file, teller)
      teller.tell(progress, isOver)
    }
  }

  /**
   * Has an emulator start the payload by itself.
   * @throws HilError `payload.no-bootloader` (environment) for a board that boots what it has
   */
  async loadKernel(t: Deadline): Promise<void> {
    if (this.#expected === undefined) return
    const { startKernel, name } = this.#board
    if (startKernel === undefined) {
      throw new HilError(
        'payload.no-bootloader',
        `${name} boots by itself what it has: a payload needs a bootloader that hil drives ("bootloader:"), or an emulator that starts a kernel itself`,
        { blame: 'environment', details: { board: name } },
      )
    }
    const plan = await this.plan(t)
    startKernel(plan)
    if (plan.override !== undefined) {
      for (const { name: file } of filesOf(plan.override)) plan.observe?.({ type: 'loaded', file })
    }
    plan.observe?.({ type: 'boot-command', command: 'the emulator loads the kernel itself', isLate: false })
    plan.observe?.({ type: 'handed-over', line: '' })
  }

  /**
   * Judges the boot that has brought the board to a state.
   * @param shell where that state has one
   * @throws HilError `proof.*` (infrastructure) for a link that is missing or differs
   */
  async reached(shell: Shell | undefined, t: Deadline): Promise<void> {
    if (this.#expected === undefined && this.#boot === undefined) return
    if (shell !== undefined && shell !== this.#verified) {
      const boot = (this.#boot ??= new WatchedBoot(this.#expected, { bootargs: [] }, this.#board.fetches))
      using budget = t.within(readMs, `proving what ${this.#board.name} booted`)
      if (this.#expected !== undefined) boot.userspace = await readUserspace(shell, budget)
      await this.#settleFetches(boot)
      this.#judge(boot, true)
      this.#verified = shell
    } else if (this.#boot?.isHandedOver === true && !this.#boot.isReported) {
      await this.#settleFetches(this.#boot)
      t.throwIfOver()
      this.#judge(this.#boot, false)
    }
  }

  /**
   * The end of a fetch may be noted later than what the board says after it, or not at all: the last acknowledgement
   * is sent once, and may get lost.
   */
  async #settleFetches(boot: WatchedBoot): Promise<void> {
    if (!boot.isHandedOver || boot.unfetched.length === 0) return
    using budget = startDeadline(noteMs, 'the end of a fetch')
    await budget.race(this.#board.settled(boot.unfetched)).catch(() => undefined)
    await this.#board.concludeFetches(boot.unfetched)
  }

  /**
   * What a boot that failed comes to: a board has failed only where it is proven what it was given to boot.
   * @returns the error to be told in place of `error`
   */
  async failed(error: unknown): Promise<unknown> {
    const boot = this.#boot
    if (this.#expected === undefined || blameOf(error) !== 'board') return error
    // It has not come to its bootloader yet: no kernel can be to blame for that.
    if (boot === undefined) return neverStarted(undefined, error)
    if (!boot.isUnderWay) return error
    await this.#settleFetches(boot)
    const evidence = boot.evidence()
    if (stageOf(evidence) === 'not-started') return neverStarted(evidence, error)
    try {
      this.#judge(boot, true)
    } catch (broken) {
      return broken instanceof HilError ? withCause(broken, error) : broken
    }
    return boot.hasBegun || evidence.kernel.isQuiet ? error : silent(this.#board.name, error)
  }

  /** Ends the watch. @returns what is wrong with a boot that nobody has judged since */
  async end(): Promise<HilError | undefined> {
    const boot = this.#boot
    if (boot?.isHandedOver !== true || boot.isReported) return undefined
    await this.#settleFetches(boot)
    try {
      this.#judge(boot, true)
      return undefined
    } catch (error) {
      return error as HilError
    }
  }

  #finish(): void {
    const boot = this.#boot
    if (boot?.isHandedOver === true && !boot.isReported) this.#report(boot)
  }

  #judge(boot: WatchedBoot, isFinal: boolean): void {
    const proof = judgeBoot(boot.evidence(), isFinal)
    const broken = proof.links.find(({ status }) => status === 'missing' || status === 'differs')
    if (isFinal || broken !== undefined) this.#report(boot)
    if (broken === undefined) return
    throw new HilError(
      `proof.${broken.link}`,
      `it is not proven that ${this.#board.name} booted the payload: ${sentenceOf(broken)}`,
      { blame: 'infrastructure', details: { board: this.#board.name, links: proof.links, seen: proof.seen } },
    )
  }

  #report(boot: WatchedBoot): void {
    boot.isReported = true
    boot.isUnderWay = false
    this.#emit({ type: 'boot-proof', board: this.#board.name, ...judgeBoot(boot.evidence()) })
  }
}
