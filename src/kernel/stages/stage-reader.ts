import type { ConsoleLine } from '../lines/console-line.ts'
import { BootPrint } from './boot-print.ts'
import { stageShown } from './stage-signs.ts'
import { stageOrder, type Stage, type StageName } from './stage.ts'

export interface StageEvents {
  reached(stage: Stage): void
  /** Another boot begins. @param isSilent nobody asked for it, and the kernel did not say why */
  rebooted(line: ConsoleLine, isSilent: boolean): void
}

/** The kernel says that the board starts again. */
export const farewells: readonly string[] = [
  ...['reboot: Restarting', 'reboot: Power down', 'reboot: System halted'],
  ...['kexec_core: Starting new kernel', 'Rebooting in ', 'sysrq: Resetting'],
]

/** Follows one boot after the other by what the console says. */
export class StageReader {
  readonly #events: StageEvents
  #boot = 1
  #reached: StageName | undefined
  #isExpected = false
  /** First words of the kernel that were seen, for each comes once in a boot. */
  #banners = new Set<string>()
  #print = new BootPrint()
  /** A banner that may be of another boot: the lines after it will tell. */
  #doubted: ConsoleLine | undefined
  /** Of the lines after that banner, should they be of another boot. */
  #doubtedPrint = new BootPrint()
  #isStamped = false

  constructor(events: StageEvents) {
    this.#events = events
  }

  get wantsEveryLine(): boolean {
    return this.#doubted !== undefined || (this.#isStamped && this.#print.isLearning)
  }

  /** Power was given: what follows is another boot, and one that was wanted. */
  powered(hostTimeMs: number, offset: number, line: number): void {
    this.#startOver(this.#reached !== undefined)
    this.#reach('power', { text: '', hostTimeMs, kernelTime: undefined, offset, number: line })
  }

  /** The kernel is known to run. */
  runs(): void {
    if (!this.#hasReached('kernel')) this.#reached = 'kernel'
  }

  /** Whatever reset comes next is no surprise: it was asked for, or a panic explains it. */
  expectReboot(): void {
    this.#isExpected = true
  }

  /** @param words those that are in the line */
  line(line: ConsoleLine, words: readonly string[]): void {
    if (farewells.some((word) => words.includes(word))) this.#isExpected = true
    const name = stageShown(line, words, false)
    if (name === 'kernel') this.#readBanner(line)
    else this.#compare(line)
    if (name === undefined || name === 'kernel') return
    if (isEarlier(name, 'kernel') && this.#hasReached('kernel')) this.#reboot(line)
    this.#reach(name, line)
  }

  /** A prompt, its line not complete. */
  prompt(line: ConsoleLine, words: readonly string[]): void {
    const name = stageShown(line, words, true)
    const isLoader = this.#reached === 'firmware' || this.#reached === 'bootloader'
    if (name !== undefined && !(name === 'shell' && isLoader)) this.#reach(name, line)
  }

  /** A banner that comes again is a boot, a log shown again, or somebody's `cat /proc/version`. */
  #readBanner(line: ConsoleLine): void {
    const words = line.message.slice(0, 13)
    const isKernelsTurn = !this.#hasReached('kernel') || this.#reached === 'kernel'
    if (isKernelsTurn && !this.#banners.has(words)) {
      this.#isStamped ||= line.kernelTime !== undefined
      this.#banners.add(words)
      this.#reach('kernel', line)
    } else if (line.kernelTime !== undefined) {
      if (this.#banners.size === 0) return
      this.#doubted ??= line
      this.#doubtedPrint = new BootPrint()
    } else if (!this.#isStamped && words.startsWith('Booting Linux')) {
      this.#reboot(line)
      this.#readBanner(line)
    }
  }

  #compare(line: ConsoleLine): void {
    const banner = this.#doubted
    if (banner === undefined) return this.#print.learn(line)
    this.#doubtedPrint.learn(line)
    const isSame = this.#print.isOfThisBoot(line)
    if (isSame === undefined) return
    this.#doubted = undefined
    if (isSame) return
    const print = this.#doubtedPrint
    this.#reboot(banner)
    this.#readBanner(banner)
    this.#print = print
  }

  #reboot(line: ConsoleLine): void {
    this.#events.rebooted(line, !this.#isExpected)
    this.#startOver(true)
  }

  #startOver(isAnotherBoot: boolean): void {
    if (isAnotherBoot) this.#boot++
    this.#reached = undefined
    this.#isExpected = false
    this.#banners = new Set()
    this.#print = new BootPrint()
    this.#doubted = undefined
    this.#isStamped = false
  }

  #hasReached(name: StageName): boolean {
    return this.#reached !== undefined && !isEarlier(this.#reached, name)
  }

  #reach(
    name: StageName,
    line: Pick<ConsoleLine, 'text' | 'hostTimeMs' | 'kernelTime' | 'offset' | 'number'>,
  ): void {
    if (this.#hasReached(name)) return
    this.#reached = name
    this.#events.reached({
      name,
      boot: this.#boot,
      text: line.text.slice(0, 200),
      hostTimeMs: line.hostTimeMs,
      kernelTime: line.kernelTime,
      offset: line.offset,
      line: line.number,
    })
  }
}

function isEarlier(one: StageName, other: StageName): boolean {
  return stageOrder.indexOf(one) < stageOrder.indexOf(other)
}
