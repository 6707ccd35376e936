import type { Bootloader, BootloaderCapabilities, ReceivedFile } from '../../../board/bootloader.ts'
import type { BootPlan } from '../../../board/boot-plan.ts'
import type { CommandResult, RunOptions } from '../../../board/command-runner.ts'
import type { Console } from '../../../board/console.ts'
import type { DriverContext } from '../../../board/driver.ts'
import type { Deadline } from '../../../core/deadline.ts'
import type { PromptSession } from '../../framing/prompt-session.ts'
import { resetFromPrompt } from '../reset-from-prompt.ts'
import { boot, dryRun } from './boot.ts'
import { receiveAt } from './fetch-files.ts'
import { readCapabilities } from './capabilities.ts'
import { banner } from './dialect.ts'
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

  async boot(plan: BootPlan, t: Deadline): Promise<Console> {
    const capabilities = plan.override === undefined ? undefined : await this.capabilities(t)
    if (plan.dryRun === true) await dryRun(this.#session, plan, capabilities, t)
    return boot(this.#session, plan, capabilities, this.#log, t)
  }

  receive(file: ReceivedFile, to: string, t: Deadline): Promise<void> {
    return receiveAt(this.#session, file, to, t)
  }

  reset(t: Deadline): Promise<Console> {
    return resetFromPrompt(this.#session, 'barebox', banner, t)
  }

  leave(t: Deadline): Promise<Console> {
    return this.#prompt.leave('whoever comes after the barebox prompt', t)
  }
}
