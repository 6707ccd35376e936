import type { Bootloader, BootloaderCapabilities } from '../../../board/bootloader.ts'
import type { BootPlan } from '../../../board/boot-plan.ts'
import type { CommandResult, RunOptions } from '../../../board/command-runner.ts'
import type { Console } from '../../../board/console.ts'
import type { DriverContext } from '../../../board/driver.ts'
import type { Deadline } from '../../../core/deadline.ts'
import type { PromptSession } from '../../framing/prompt-session.ts'
import { resetFromPrompt } from '../reset-from-prompt.ts'
import { runOk } from '../run-ok.ts'
import { boot, dryRun } from './boot.ts'
import { parseBootEntries, type BootEntry } from './boot-entries.ts'
import { readCapabilities } from './capabilities.ts'
import { banner } from './dialect.ts'
import { readGlobal, setGlobal } from './globals.ts'
import type { OpenPrompt } from './open-prompt.ts'

/** barebox at its shell prompt. */
export class BareboxPrompt implements Bootloader {
  readonly kind = 'barebox'
  readonly #prompt: OpenPrompt
  readonly #session: PromptSession
  readonly #log: DriverContext['log']
  #capabilities: BootloaderCapabilities | undefined

  constructor(prompt: OpenPrompt, log: DriverContext['log']) {
    this.#prompt = prompt
    this.#session = prompt.session
    this.#log = log
  }

  run(command: string, t: Deadline, options?: RunOptions): Promise<CommandResult> {
    return this.#session.run(command, t, options)
  }

  async capabilities(t: Deadline): Promise<BootloaderCapabilities> {
    this.#capabilities ??= await readCapabilities(this.#session, t)
    return this.#capabilities
  }

  /** The value of a `global` variable, empty when it is not set. */
  getGlobal(name: string, t: Deadline): Promise<string> {
    return readGlobal(this.#session, name, t)
  }

  /** Sets a `global` variable until the next reset. */
  setGlobal(name: string, value: string, t: Deadline): Promise<void> {
    return setGlobal(this.#session, name, value, t)
  }

  /** What can be booted from a source (`boot -l`), or from the default sources. */
  async entries(source: string | undefined, t: Deadline): Promise<readonly BootEntry[]> {
    const { stdout } = await runOk(this.#session, ['boot -l', source].filter(Boolean).join(' '), t)
    return parseBootEntries(stdout)
  }

  /**
   * Fetches, parses and lays out everything a boot would, without booting.
   * @returns what barebox said
   * @throws HilError as `boot`
   */
  async dryRun(plan: BootPlan, t: Deadline): Promise<string> {
    return dryRun(this.#session, plan, await this.capabilities(t), t)
  }

  async boot(plan: BootPlan, t: Deadline): Promise<Console> {
    const capabilities = plan.override === undefined ? undefined : await this.capabilities(t)
    return boot(this.#session, plan, capabilities, this.#log, t)
  }

  reset(t: Deadline): Promise<Console> {
    return resetFromPrompt(this.#session, 'barebox', banner, t)
  }

  leave(t: Deadline): Promise<Console> {
    return this.#prompt.leave('whoever comes after the barebox prompt', t)
  }
}
