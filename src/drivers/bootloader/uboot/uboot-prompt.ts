import type { Bootloader, BootloaderCapabilities, ReceivedFile } from '../../../board/bootloader.ts'
import type { BootPlan } from '../../../board/boot-plan.ts'
import type { CommandResult, RunOptions } from '../../../board/command-runner.ts'
import type { Console } from '../../../board/console.ts'
import type { Deadline } from '../../../core/deadline.ts'
import type { PromptSession } from '../../framing/prompt-session.ts'
import { resetFromPrompt } from '../reset-from-prompt.ts'
import type { UbootOptions } from '../uboot.ts'
import { boot } from './boot.ts'
import { receiveIntoMemory } from './receive-into-memory.ts'
import { banner } from './dialect.ts'
import { readVariable, setVariable } from './variables.ts'

/** U-Boot at its prompt. */
export class UbootPrompt implements Bootloader {
  readonly kind = 'uboot'
  readonly #session: PromptSession
  readonly #options: UbootOptions
  #capabilities: BootloaderCapabilities | undefined

  constructor(session: PromptSession, options: UbootOptions) {
    this.#session = session
    this.#options = options
  }

  run(command: string, t: Deadline, options?: RunOptions): Promise<CommandResult> {
    return this.#session.run(command, t, options)
  }

  async capabilities(t: Deadline): Promise<BootloaderCapabilities> {
    this.#capabilities ??= await this.#readCapabilities(t)
    return this.#capabilities
  }

  /** The value of an environment variable, empty when it is not set. */
  getVariable(name: string, t: Deadline): Promise<string> {
    return readVariable(this.#session, name, t)
  }

  /** Sets an environment variable until the next reset; nothing is saved. */
  setVariable(name: string, value: string, t: Deadline): Promise<void> {
    return setVariable(this.#session, name, value, t)
  }

  boot(plan: BootPlan, t: Deadline): Promise<Console> {
    return boot(this.#session, plan, this.#options, t)
  }

  receive(file: ReceivedFile, to: string, t: Deadline): Promise<void> {
    return receiveIntoMemory(this.#session, file, to, this.#options, t)
  }

  reset(t: Deadline): Promise<Console> {
    return resetFromPrompt(this.#session, 'U-Boot', banner, t)
  }

  leave(): Promise<Console> {
    return Promise.resolve(this.#session.release('whoever comes after the U-Boot prompt'))
  }

  /** `help` of one command fails also where it is known. */
  async #hasNetwork(t: Deadline): Promise<string> {
    const { stdout } = await this.#session.run('help tftpboot', t)
    if (/^tftpboot - /m.test(stdout)) return 'yes'
    return stdout.includes("'tftpboot'") ? 'no' : 'unknown'
  }

  /** Its own device tree holds the keys that images have to be signed with (doc/usage/fit/signature.rst). */
  async #demandsSignatures(t: Deadline): Promise<string> {
    const { exitCode, stdout } = await this.#session.run('fdt addr $fdtcontroladdr', t)
    if (exitCode !== 0) return 'unknown'
    if (stdout.includes('Unknown command')) return 'unknown'
    return (await this.#session.run('fdt list /signature', t)).exitCode === 0 ? 'yes' : 'no'
  }

  async #readCapabilities(t: Deadline): Promise<BootloaderCapabilities> {
    const { stdout } = await this.#session.run('version', t)
    await this.#session.measureLine(t)
    return {
      version: /^U-Boot (\S{1,80})/m.exec(stdout)?.[1] ?? 'unknown',
      maximumLine: this.#session.maximumLine,
      overrides: [],
      facts: {
        board: await this.getVariable('board_name', t),
        network: await this.#hasNetwork(t),
        'signed-boot': await this.#demandsSignatures(t),
        compiler: stdout.split('\n').find((line) => /gcc|clang/.test(line)) ?? 'unknown',
      },
    }
  }
}
